package org.flinkllama.operators.inference.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdmissionQueueTest {
    private final AdmissionQueue queue = new AdmissionQueue();
    private final List<String> forwarded = new ArrayList<>();
    private long admitted;

    @Test
    void startsRecordsInTheOrderTheyCameButOneOfAKeyAtATime() throws Exception {
        Admission first = admit("a");
        Admission second = admit("a");
        Admission third = admit("b");

        assertThat(queue.start()).contains(first);
        assertThat(queue.start()).contains(third);
        assertThat(queue.start()).isEmpty();
        Admission fourth = admit("c");
        queue.leave(first);
        assertThat(queue.start()).contains(second);
        assertThat(queue.start()).contains(fourth);
        assertThat(queue.open()).isEqualTo(3);
    }

    @Test
    void forwardsInOrderAndBehindEveryRecordBefore() throws Exception {
        pass("0");
        Admission first = admit("a");
        pass("1");
        Admission second = admit("b");
        pass("2");
        pass("3");
        assertThat(forwarded).containsExactly("0");

        queue.start();
        queue.start();
        queue.leave(second);
        assertThat(forwarded).containsExactly("0");
        queue.leave(first);

        assertThat(forwarded).containsExactly("0", "1", "2", "3");
        assertThat(queue.open()).isZero();
        assertThat(queue.start()).isEmpty();
    }

    private Admission admit(String id) {
        Admission admission = new Admission(id, admitted++, null);
        queue.admit(admission);
        return admission;
    }

    private void pass(String name) throws Exception {
        queue.pass(() -> forwarded.add(name));
    }
}
