package dev.guildcast.session.resume;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// How long the shard has been served, and from which log offset on references are still inside the resume window.
///
/// Time passes from mark to mark of the shard's owners, by log timestamp, each step counted at most 30 s: an outage of
/// all hosts ages nothing. A reference is forgotten when it lies before a mark that is older than the window.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** one mark for each second served within the window.
/// - **Promise:** a function of the marks alone.
public final class ServedTime {
    private static final long STEP_MAX_MILLIS = 30_000;
    private static final long MARK_EVERY_MILLIS = 1_000;

    private final long windowMillis;
    private final List<Mark> marks = new ArrayList<>();
    private long lastMarkAtMillis;
    private long servedMillis;
    private long horizon;

    /// @param window of served time that references are kept for
    public ServedTime(Duration window) {
        this.windowMillis = window.toMillis();
    }

    /// An owner's mark passes by.
    ///
    /// @param offset of the mark in the log
    /// @param atMillis its log timestamp
    public void onMark(long offset, long atMillis) {
        if (lastMarkAtMillis != 0) {
            servedMillis += Math.clamp(atMillis - lastMarkAtMillis, 0, STEP_MAX_MILLIS);
        }
        lastMarkAtMillis = Math.max(lastMarkAtMillis, atMillis);
        if (marks.isEmpty() || servedMillis - marks.getLast().servedMillis >= MARK_EVERY_MILLIS) {
            marks.add(new Mark(offset, servedMillis));
        }
        advance();
    }

    /// References below this offset are outside the window.
    public long horizon() {
        return horizon;
    }

    public State state() {
        return new State(lastMarkAtMillis, servedMillis, List.copyOf(marks));
    }

    /// Goes on from a checkpoint.
    public void restore(State state) {
        lastMarkAtMillis = state.lastMarkAtMillis;
        servedMillis = state.servedMillis;
        marks.clear();
        marks.addAll(state.marks);
        horizon = 0;
        advance();
    }

    private void advance() {
        // The first mark always is the youngest of those older than the window: it is the horizon.
        while (marks.size() > 1 && servedMillis - marks.get(1).servedMillis >= windowMillis) {
            marks.removeFirst();
        }
        if (!marks.isEmpty() && servedMillis - marks.getFirst().servedMillis >= windowMillis) {
            horizon = marks.getFirst().offset;
        }
    }

    /// @param lastMarkAtMillis log timestamp of the last mark; 0 before the first
    /// @param servedMillis up to the last mark
    /// @param marks oldest first
    public record State(long lastMarkAtMillis, long servedMillis, List<Mark> marks) {}

    /// @param servedMillis up to this mark
    public record Mark(long offset, long servedMillis) {}
}
