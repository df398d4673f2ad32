"""Writes the golden files of this folder: small vocabularies, and what independent plain code makes of a few texts.

    pip install regex
    python3 make_golden.py SMOLLM2_TOKENIZER_JSON STORIES260K_GGUF

SMOLLM2_TOKENIZER_JSON is tokenizer.json of HuggingFaceTB/SmolLM2-135M (Apache-2.0), pruned here to the pieces that occur
in the texts. STORIES260K_GGUF is the TinyStories model of karpathy/tinyllamas (MIT), of which the 512 pieces are taken.
"""
import json
import struct
import sys
from pathlib import Path

import regex

HERE = Path(__file__).parent
WHITE_SPACE = r"\t-\r\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"  # what Rust means by \s
GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
LLAMA3 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
          r"|\s+(?!\S)|\s+")
TEXTS = [
    "", " ", "  ", "   ", "\n", "\n\n", "\n\n\n", " \n", "\n ", "\t", "\t\n", "\r\n", "\r\n\r\n  \r\n", " \u00a0 ",
    "Hello", " Hello", "  Hello", "Hello ", "Hello  ", "Hello world", "Hello, world!", "hello\nworld", "hello \n\n  world",
    "The little girl went to the park.", "Once upon a time, there was a cat named Tom.",
    "I'm sure it's what they've said, isn't it? We'll see, she'd know, you're right.",
    "I'M SURE IT'S WHAT THEY'VE SAID, ISN'T IT? WE'LL SEE, SHE'D KNOW, YOU'RE RIGHT.",
    "'s 't 're've'm'll'd 'x '' ' don''t", "'\u017f '\u017fx it'\u017f", "'\u017fx'Sx'sx",
    "1", "12", "123", "1234", "12345678", "3.14 and 1,000,000", "in 2024 5 items", "  42", "a1b2 c3", "\u0663\u0664 \u2167 \u00bd\u00bd",
    "x = (a+b)*c; // sum\n\treturn x;\n", "!!!...???", " !\n\n?", "https://example.org/a?b=c&d=e#f", "50% of $3.20 <= 2 \u20ac",
    "\u4e2d\u6587\u7684\u53e5\u5b50\uff0c\u5f88\u597d\u3002", "\u8fd9\u5bb6\u9152\u5e97\u5f88\u5e72\u51c0 room 12 \u53f7", "\u65e5\u672c\u8a9e\u306e\u30c6\u30b9\u30c8", "\ud55c\uad6d\uc5b4",
    "caf\u00e9 cafe\u0301 na\u00efve \u00dcber", "\u0915\u093f \u0e01\u0e47 \u0627\u0644\u0633\u0644\u0627\u0645", "\U0001f44d\U0001f3fd ok \U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f999",
    "\u0000\u0001\u007f\u0085\u2028\u3000", "zero\u200bwidth\ufeff", "\ufffd",
    "<s>", "</s>", "<|user|> hi <|end|>", "<|im_start|>system\nobey<|im_end|>", "<|endoftext|>", "<0x41><unk>",
]


def white_space(pattern):
    pattern = pattern.replace(r"[^\s\p", "[^" + WHITE_SPACE + r"\p")
    return regex.compile(pattern.replace(r"\S", "[^" + WHITE_SPACE + "]").replace(r"\s", "[" + WHITE_SPACE + "]"))


def alphabet():
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    return {**{byte: chr(byte) for byte in printable}, **{byte: chr(256 + i) for i, byte in enumerate(others)}}


def merge(symbols, rank):
    symbols = list(symbols)
    while len(symbols) > 1:
        at = min(range(len(symbols) - 1), key=lambda i: rank(symbols[i] + symbols[i + 1], symbols[i]))
        if rank(symbols[at] + symbols[at + 1], symbols[at]) == float("inf"):
            break
        symbols[at:at + 2] = [symbols[at] + symbols[at + 1]]
    return symbols


def cuts(name):
    gpt2, llama3 = white_space(GPT2), white_space(LLAMA3)
    if name == "gpt-2":
        return gpt2.findall
    if name == "llama-bpe":
        return llama3.findall
    return lambda text: [cut for part in regex.findall(r"\p{N}|\P{N}+", text) for cut in gpt2.findall(part)]


def write_cases(name, encode):
    with open(HERE / name, "w", newline="\n") as out:
        for text in TEXTS:
            out.write(json.dumps(text) + "\t" + " ".join(map(str, encode(text))) + "\n")


def smollm2(path):
    source = json.load(open(path, encoding="utf-8"))
    spelt = alphabet()
    cut = cuts("smollm")
    stretches = {"".join(spelt[b] for b in stretch.encode()) for text in TEXTS for stretch in cut(text)}
    controls = {token["content"] for token in source["added_tokens"]}
    vocabulary = source["model"]["vocab"]
    kept = [piece for piece, _ in sorted(vocabulary.items(), key=lambda entry: entry[1])
            if piece in controls or len(piece) == 1 or any(piece in stretch for stretch in stretches)]
    merges = [line for line in source["model"]["merges"] if line.replace(" ", "") in set(kept)]
    with open(HERE / "smollm2-pruned.txt", "w", encoding="utf-8", newline="\n") as out:
        out.writelines(("3" if piece in controls else "1") + "\t" + piece + "\n" for piece in kept)
        out.writelines("merge\t" + line + "\n" for line in merges)
    ids = {piece: token for token, piece in enumerate(kept)}
    ranks = {tuple(line.split(" ")): rank for rank, line in enumerate(source["model"]["merges"])}

    def encode(text):
        tokens = []
        for stretch in cut(text):
            symbols = [spelt[byte] for byte in stretch.encode() if spelt[byte] in vocabulary]
            tokens += merge(symbols, lambda joined, left: ranks.get((left, joined[len(left):]), float("inf")))
        return [ids[piece] for piece in tokens]

    write_cases("smollm2-pruned-cases.tsv", encode)


def metadata(path):
    with open(path, "rb") as file:
        def number(kind):
            return struct.unpack("<" + kind, file.read(struct.calcsize(kind)))[0]

        def value(kind):
            if kind == 8:
                return file.read(number("Q")).decode()
            if kind == 9:
                kind, count = number("I"), number("Q")
                return [value(kind) for _ in range(count)]
            return number({4: "I", 5: "i", 6: "f", 7: "?"}[kind])

        file.seek(16)
        return {value(8): value(number("I")) for _ in range(number("Q"))}


def stories(path):
    values = metadata(path)
    pieces, scores, types = (values["tokenizer.ggml." + key] for key in ("tokens", "scores", "token_type"))
    with open(HERE / "stories260k.txt", "w", encoding="utf-8", newline="\n") as out:
        out.writelines(f"{types[t]}\t{pieces[t]}\t{scores[t]}\n" for t in range(len(pieces)))
    normal = {piece: token for token, piece in enumerate(pieces) if types[token] == 1}
    byte = {int(piece[3:5], 16): token for token, piece in enumerate(pieces) if types[token] == 6}

    def encode(text):
        symbols = "\u2581" + text.replace(" ", "\u2581") if text else ""
        merged = merge(symbols, lambda joined, left: -scores[normal[joined]] if joined in normal else float("inf"))
        return [token for piece in merged
                for token in ([normal[piece]] if piece in normal else [byte[b] for b in piece.encode()])]

    write_cases("stories260k-cases.tsv", encode)


if __name__ == "__main__":
    smollm2(sys.argv[1])
    stories(sys.argv[2])
    for kind in ("gpt-2", "smollm", "llama-bpe"):
        write_cases(f"cuts-{kind}.tsv", lambda text: [len(cut.encode("utf-16-le")) // 2 for cut in cuts(kind)(text)])
