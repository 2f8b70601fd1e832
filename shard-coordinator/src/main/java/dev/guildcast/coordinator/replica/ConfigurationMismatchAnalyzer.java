package dev.guildcast.coordinator.replica;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/// Prints why the configuration was rejected at start, without a stack trace.
final class ConfigurationMismatchAnalyzer extends AbstractFailureAnalyzer<ConfigurationMismatchException> {
    @Override
    protected FailureAnalysis analyze(Throwable root, ConfigurationMismatchException mismatch) {
        return new FailureAnalysis(mismatch.getMessage(), null, root);
    }
}
