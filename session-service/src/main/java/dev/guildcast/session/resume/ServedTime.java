package dev.guildcast.session.resume;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// How long the shard has been served by a live owner, and the log offset at which the resume window begins.
///
/// Time passes from mark to mark of the shard's owners, by log timestamp, and each step counts for at most 30 s, so
/// that references do not age during an outage of all hosts. A reference is evicted when it lies before a mark that is
/// older than the window.
///
/// - **Owner:** the shard's loop.
/// - **Bound:** one mark for each second served within the window.
/// - **Promise:** a function of the marks alone.
public final class ServedTime {
    /// Twice the interval of an owner's checkpoint marks: a longer gap is an outage.
    private static final long STEP_MAX_MILLIS = 30_000;
    /// Bounds the marks held and checkpointed; the window need not be exact to less than a second.
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

    /// Applies an owner's mark.
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

    public ServedTimeState state() {
        return new ServedTimeState(lastMarkAtMillis, servedMillis, List.copyOf(marks));
    }

    /// Restores the state from a checkpoint.
    public void restore(ServedTimeState state) {
        lastMarkAtMillis = state.lastMarkAtMillis;
        servedMillis = state.servedMillis;
        marks.clear();
        marks.addAll(state.marks);
        horizon = 0;
        advance();
    }

    private void advance() {
        // Keeps, of the marks older than the window, the youngest one only: its offset is the horizon.
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
    public record ServedTimeState(long lastMarkAtMillis, long servedMillis, List<Mark> marks) {}

    /// @param servedMillis up to this mark
    public record Mark(long offset, long servedMillis) {}
}
