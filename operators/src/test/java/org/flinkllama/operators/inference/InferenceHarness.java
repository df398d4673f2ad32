package org.flinkllama.operators.inference;

import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.TaskInfoImpl;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.metrics.groups.InternalOperatorMetricGroup;
import org.apache.flink.runtime.metrics.util.InterceptingOperatorMetricGroup;
import org.apache.flink.runtime.metrics.util.InterceptingTaskMetricGroup;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.Mail;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.UserCodeClassLoader;
import org.apache.flink.util.function.ThrowingRunnable;
import org.flinkllama.operators.SampleRecords;
import org.flinkllama.operators.ScriptedReplica;
import org.flinkllama.operators.inference.plan.InferencePlan;
import org.flinkllama.schemas.v1.DeadLetter;
import org.flinkllama.schemas.v1.InputRecord;

/// An inference operator on a scripted replica, in a task without a cluster. Mails run when the test says so.
///
/// @param <T> what goes out
@SuppressWarnings("try") // Flink's harness declares that closing throws anything
public final class InferenceHarness<T> extends OneInputStreamOperatorTestHarness<Tuple2<String, InputRecord>, T> {
    public static final int MAX_PARALLELISM = 128;

    private final InferencePlan<T> plan;
    private final InterceptingOperatorMetricGroup metrics;
    private long offset;

    private InferenceHarness(
            InferencePlan<T> plan, int parallelism, int subtask, InterceptingOperatorMetricGroup metrics)
            throws Exception {
        super(
                new InferenceOperatorFactory<>(plan),
                new MockEnvironmentBuilder()
                        .setMaxParallelism(MAX_PARALLELISM)
                        .setParallelism(parallelism)
                        .setSubtaskIndex(subtask)
                        .setMetricGroup(new TaskMetrics(metrics))
                        .build());
        this.plan = plan;
        this.metrics = metrics;
        KeySelector<Tuple2<String, InputRecord>, String> key = record -> record.f0;
        config.setStatePartitioner(0, key);
        config.setStateKeySerializer(Types.STRING.createSerializer(executionConfig.getSerializerConfig()));
        config.serializeAllConfigs();
    }

    /// One of several subtasks.
    public static <T> InferenceHarness<T> of(InferencePlan<T> plan, int parallelism, int subtask) throws Exception {
        return new InferenceHarness<>(plan, parallelism, subtask, new InterceptingOperatorMetricGroup());
    }

    /// Makes this the task's attempt with this number; to be called before it is opened.
    public InferenceHarness<T> attempt(int number) throws Exception {
        TaskInfo info = getEnvironment().getTaskInfo();
        set(
                "taskInfo",
                new TaskInfoImpl(
                        info.getTaskName(),
                        info.getMaxNumberOfParallelSubtasks(),
                        info.getIndexOfThisSubtask(),
                        info.getNumberOfParallelSubtasks(),
                        number));
        return this;
    }

    /// Makes this the task of a job with this class loader; to be called before it is opened.
    public InferenceHarness<T> classLoader(UserCodeClassLoader loader) throws Exception {
        set("userCodeClassLoader", loader);
        return this;
    }

    private void set(String name, Object value) throws ReflectiveOperationException {
        Field field = MockEnvironment.class.getDeclaredField(name); // Flink's builder has no setter for it
        field.setAccessible(true);
        field.set(getEnvironment(), value);
    }

    private static final class TaskMetrics extends InterceptingTaskMetricGroup {
        private final InternalOperatorMetricGroup operator;

        private TaskMetrics(InternalOperatorMetricGroup operator) {
            this.operator = operator;
        }

        @Override
        public InternalOperatorMetricGroup getOrAddOperator(OperatorID id, String name, Map<String, String> variables) {
            return operator;
        }
    }

    /// Takes in a record whose value is this text, with the timestamp 500, and runs what it leaves to do.
    public void say(String key, String text) throws Exception {
        take(key, text);
        runMails();
    }

    /// Takes in a record whose value is this text, with the timestamp 500.
    public void take(String key, String text) throws Exception {
        InputRecord record = SampleRecords.record(offset++, text.getBytes(StandardCharsets.UTF_8));
        processElement(new StreamRecord<>(Tuple2.of(key, record), 500));
    }

    public ScriptedReplica replica() {
        return ((ScriptedReplica.Source) plan.replica()).current();
    }

    /// Answers open requests with these words and takes the outcomes in.
    public void answer(String words) throws Exception {
        replica().answer(words);
        runMails();
    }

    /// Tells further tokens of open requests with these words, and takes them in.
    public void generate(String words, int count) throws Exception {
        replica().generate(words, count);
        runMails();
    }

    /// Posts a mail as Flink posts its own, such as that of a barrier.
    public void taskMail(ThrowingRunnable<Exception> work) {
        mockTask.getMailboxExecutorFactory()
                .createExecutor(TaskMailbox.MIN_PRIORITY)
                .execute(work, "a mail of the task");
    }

    public void runMails() throws Exception {
        for (Optional<Mail> mail = getTaskMailbox().tryTake(0);
                mail.isPresent();
                mail = getTaskMailbox().tryTake(0)) {
            mail.get().run();
        }
    }

    /// Outputs, watermarks and statuses in the order they were sent.
    public List<Object> sent() {
        return getOutput().stream()
                .map(element -> element instanceof StreamRecord<?> record ? record.getValue() : element)
                .toList();
    }

    public List<DeadLetter> deadLetters() {
        var letters = getSideOutput(InferenceTopology.DEAD_LETTERS);
        return letters == null
                ? List.of()
                : letters.stream().map(StreamRecord::getValue).toList();
    }

    public long counter(String name) {
        return ((Counter) metrics.get(name)).getCount();
    }
}
