package dev.guildcast.suite.watch;

import java.util.Optional;

/// Verifies that the sequence numbers of one session are 1, 2, 3 … over any number of connections.
///
/// - **Owner:** one thread.
final class SequenceVerifier {
    private int last;
    private int violations;

    int last() {
        return last;
    }

    int violations() {
        return violations;
    }

    void newSession() {
        last = 0;
    }

    /// @return the violation, if there is one
    Optional<String> onDispatch(int sequence) {
        int previous = last;
        last = Math.max(last, sequence);
        return sequence == previous + 1 ? Optional.empty() : violation("s " + sequence + " after " + previous);
    }

    /// RESUMED has no sequence number of its own: it repeats the previous one.
    Optional<String> onResumed(int sequence) {
        return sequence == last ? Optional.empty() : violation("RESUMED with s " + sequence + " after " + last);
    }

    private Optional<String> violation(String message) {
        violations++;
        return Optional.of(message);
    }
}
