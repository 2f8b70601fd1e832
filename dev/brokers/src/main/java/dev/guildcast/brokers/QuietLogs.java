package dev.guildcast.brokers;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggerContextListener;
import java.util.List;
import org.slf4j.LoggerFactory;

/// Keeps an embedded Kafka from writing thousands of lines to the log of its JVM, also after the logging system is
/// reset.
final class QuietLogs implements LoggerContextListener {
    private static final List<String> NOISY = List.of("kafka", "org.apache.kafka", "state.change.logger");

    private QuietLogs() {}

    /// Without effect where the log is not Logback's.
    static void quietKafka() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context
                && context.getCopyOfListenerList().stream().noneMatch(QuietLogs.class::isInstance)) {
            context.addListener(new QuietLogs());
            quieten(context);
        }
    }

    private static void quieten(LoggerContext context) {
        for (var name : NOISY) {
            var logger = context.getLogger(name);
            if (logger.getLevel() == null) {
                logger.setLevel(Level.ERROR);
            }
        }
    }

    @Override
    public boolean isResetResistant() {
        return true;
    }

    @Override
    public void onReset(LoggerContext context) {
        quieten(context);
    }

    @Override
    public void onStart(LoggerContext context) {
        quieten(context);
    }

    @Override
    public void onStop(LoggerContext context) {}

    @Override
    public void onLevelChange(Logger logger, Level level) {}
}
