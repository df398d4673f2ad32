package org.flinkllama.jobs.poison;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;

/// What every logger of this process says at INFO and above while it is open, stack traces included.
final class CapturedLog implements AutoCloseable {
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final LoggerContext context = (LoggerContext) LogManager.getContext(false);
    private final LoggerConfig root = context.getConfiguration().getRootLogger();
    private final Level levelBefore = root.getLevel();
    private final AbstractAppender appender;

    CapturedLog() {
        appender = new AbstractAppender("captured", null, null, true, Property.EMPTY_ARRAY) {
            @Override
            public void append(LogEvent event) {
                StringWriter trace = new StringWriter();
                if (event.getThrown() != null) {
                    event.getThrown().printStackTrace(new PrintWriter(trace));
                }
                lines.add(event.getLoggerName() + " " + event.getMessage().getFormattedMessage() + trace);
            }
        };
        appender.start();
        root.setLevel(Level.INFO);
        root.getAppenders().values().forEach(quiet -> root.removeAppender(quiet.getName()));
        root.addAppender(appender, Level.INFO, null);
        context.updateLoggers();
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void close() {
        root.removeAppender(appender.getName());
        context.getConfiguration().getAppenders().values().forEach(usual -> root.addAppender(usual, null, null));
        root.setLevel(levelBefore);
        context.updateLoggers();
        appender.stop();
    }
}
