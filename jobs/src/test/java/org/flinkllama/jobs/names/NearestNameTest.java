package org.flinkllama.jobs.names;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class NearestNameTest {
    @Test
    void findsTheNameThatDiffersInTheFewestLetters() {
        assertThat(NearestName.of("dmeo", List.of("enrich", "demo", "model"))).hasValue("demo");
        assertThat(NearestName.of("documets", List.of("document-archive", "documents")))
                .hasValue("documents");
    }

    @Test
    void findsNothingWhereEveryNameDiffersInMostLetters() {
        assertThat(NearestName.of("orders", List.of("documents", "enrichments")))
                .isEmpty();
        assertThat(NearestName.of("orders", List.of())).isEmpty();
    }
}
