package dev.guildcast.coordinator.shard;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/// Says why a start was refused, without a stack trace.
final class RefusalAnalyzer extends AbstractFailureAnalyzer<RefusedException> {
    @Override
    protected FailureAnalysis analyze(Throwable root, RefusedException refused) {
        return new FailureAnalysis(refused.getMessage(), null, root);
    }
}
