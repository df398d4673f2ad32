package org.flinkllama.jobs.poison;

import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/// Keeps the full names and the values, as text, of every metric that Flink registers in this process.
public final class RecordingReporterFactory implements MetricReporterFactory {
    private static final Queue<Named> METRICS = new ConcurrentLinkedQueue<>();

    private record Named(String name, Metric metric) {}

    /// Name and value of every metric seen since the last [#clear].
    static List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Named named : METRICS) {
            lines.add(named.name() + " = " + value(named.metric()));
        }
        return lines;
    }

    static void clear() {
        METRICS.clear();
    }

    private static String value(Metric metric) {
        return switch (metric) {
            case Gauge<?> gauge -> {
                try {
                    yield String.valueOf(gauge.getValue());
                } catch (RuntimeException gone) {
                    yield "gone";
                }
            }
            case Counter counter -> Long.toString(counter.getCount());
            default -> metric.getMetricType().name();
        };
    }

    @Override
    public MetricReporter createMetricReporter(Properties properties) {
        return new MetricReporter() {
            @Override
            public void open(MetricConfig config) {}

            @Override
            public void close() {}

            @Override
            public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
                METRICS.add(new Named(group.getMetricIdentifier(name) + " " + group.getAllVariables(), metric));
            }

            @Override
            public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {}
        };
    }
}
