package org.flinkllama.operators.download;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class KnownModelTest {
    @ParameterizedTest
    @EnumSource
    void hasAnAddressAndALicence(KnownModel model) {
        Order order = Order.of(model.address()).named(model.id());
        assertThat(order.address().getScheme()).isEqualTo("https");
        assertThat(order.address().getPath()).contains("/resolve/main/").endsWith("8_0.gguf");
        assertThat(model.licence()).isNotBlank();
        assertThat(model.memoryBytes()).isGreaterThan(model.fileBytes());
    }

    @Test
    void isFoundByItsNameInAnyCase() {
        assertThat(KnownModel.of("Llama-3.2-1B-Instruct")).contains(KnownModel.LLAMA_3_2_1B);
        assertThat(KnownModel.of("llama-3.2-1b")).isEmpty();
    }

    @Test
    void coversTheModelsThatArePromised() {
        assertThat(KnownModel.ids())
                .containsExactlyInAnyOrder(
                        "llama-3.2-1b-instruct",
                        "llama-3.2-3b-instruct",
                        "smollm2-135m-instruct",
                        "smollm2-360m-instruct",
                        "smollm2-1.7b-instruct",
                        "tinyllama-1.1b-chat");
    }
}
