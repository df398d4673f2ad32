package org.flinkllama.model.tokenizer;

import java.util.Random;
import java.util.function.Consumer;

/// Texts of everything that has ever confused a tokenizer, from a fixed seed.
public final class RandomTexts {
    private static final String[] PARTS = {
        " ",
        "  ",
        "\n",
        "\r\n",
        "\t",
        "\u00a0",
        "\u3000",
        "a",
        "the",
        " Hello",
        "n't",
        "'LL",
        "12",
        "3",
        "\u0663",
        "\u4e2d\u6587",
        "e\u0301",
        "\u00e9",
        "\ud83d\udc4d",
        "\ud83d\udc68\u200d\ud83d\udc69",
        "\u0000",
        "\u0001",
        "\u007f",
        "\u0085",
        "\ufffd",
        "\ud800",
        "\udc00",
        "<s>",
        "</s>",
        "<|user|>",
        "<0x41>",
        "!",
        "...",
        "\u0e01\u0e47",
        "\ud55c"
    };

    private RandomTexts() {}

    public static void forEach(int count, Consumer<String> check) {
        Random random = new Random(11);
        for (int index = 0; index < count; index++) {
            check.accept(text(random));
        }
    }

    static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int parts = random.nextInt(20); parts > 0; parts--) {
            if (random.nextInt(6) == 0) {
                text.appendCodePoint(random.nextInt(Character.MAX_CODE_POINT + 1));
            } else {
                text.append(PARTS[random.nextInt(PARTS.length)]);
            }
        }
        return text.toString();
    }

    /// `text` as UTF-8 has it: U+FFFD for each lone surrogate.
    public static String wellFormed(String text) {
        StringBuilder repaired = new StringBuilder();
        text.codePoints()
                .map(character -> Character.getType(character) == Character.SURROGATE ? 0xFFFD : character)
                .forEach(repaired::appendCodePoint);
        return repaired.toString();
    }
}
