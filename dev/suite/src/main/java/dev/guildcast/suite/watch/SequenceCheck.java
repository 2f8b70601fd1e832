package dev.guildcast.suite.watch;

import java.util.Optional;

/// Checks that the numbers of one session are 1, 2, 3 … over any number of connections.
///
/// - **Owner:** one thread.
final class SequenceCheck {
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

    /// @return what is wrong with this number
    Optional<String> onDispatch(int sequence) {
        int before = last;
        last = Math.max(last, sequence);
        return sequence == before + 1 ? Optional.empty() : wrong("s " + sequence + " after " + before);
    }

    /// RESUMED takes no number of its own: it repeats the one before it.
    Optional<String> onResumed(int sequence) {
        return sequence == last ? Optional.empty() : wrong("RESUMED with s " + sequence + " after " + last);
    }

    private Optional<String> wrong(String sentence) {
        violations++;
        return Optional.of(sentence);
    }
}
