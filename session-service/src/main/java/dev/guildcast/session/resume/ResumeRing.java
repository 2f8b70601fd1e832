package dev.guildcast.session.resume;

/// The tail of one session: the log offsets of its newest dispatches, from which a reconnecting client is served.
///
/// A reference is an offset relative to `base`, as an unsigned int: four bytes instead of the dispatch.
///
/// - **Owner:** the session's shard loop; no other thread calls in.
/// - **Bound:** `referencesMax` references; memory follows what is held, from 16 upwards by doubling.
/// - **Promise:** the references held are those of the newest sequences, without a gap. What is held depends on the
///   calls alone, so every process that applies the log holds the same.
public final class ResumeRing {
    /// 64 bytes: most sessions are idle and never need more.
    private static final int CAPACITY_MIN = 16;
    /// The largest distance from `base` that an unsigned int can hold.
    private static final long SPREAD_MAX = 0xFFFF_FFFFL;

    private final int referencesMax;
    private int[] slots = new int[CAPACITY_MIN];
    private long base;
    private int head;
    private int count;
    private int lastSequence;

    /// @param referencesMax the most references held; a power of two, at least 16
    public ResumeRing(int referencesMax) {
        if (referencesMax < CAPACITY_MIN || Integer.bitCount(referencesMax) != 1) {
            throw new IllegalArgumentException("invalid referencesMax: " + referencesMax
                    + " (expected: a power of two from " + CAPACITY_MIN + ")");
        }
        this.referencesMax = referencesMax;
    }

    /// The ring that a checkpoint describes: the newest of `offsets` is that of `lastSequence`.
    public static ResumeRing of(int referencesMax, int lastSequence, long[] offsets) {
        if (offsets.length > lastSequence) {
            throw new IllegalArgumentException("invalid ring: " + offsets.length
                    + " references (expected: at most its last sequence, " + lastSequence + ")");
        }
        var ring = new ResumeRing(referencesMax);
        ring.lastSequence = lastSequence - offsets.length;
        for (long offset : offsets) {
            ring.append(ring.lastSequence + 1, offset);
        }
        return ring;
    }

    /// Appends the reference of the next sequence; evicts the oldest one when the ring is full.
    public void append(int sequence, long offset) {
        // A gap would reach the client as silent loss: a bug here, never a condition to handle.
        if (sequence != lastSequence + 1) {
            throw new IllegalStateException("sequence " + sequence + " (expected: " + (lastSequence + 1) + ")");
        }
        if (count > 0 && offset <= at(count - 1)) {
            throw new IllegalStateException("offset " + offset + " (expected: above " + at(count - 1) + ")");
        }
        while (count > 0 && offset - at(0) > SPREAD_MAX) {
            drop(1);
        }
        if (count == 0) {
            base = offset;
        } else if (offset - base > SPREAD_MAX) {
            rebase(at(0));
        }
        if (count == referencesMax) {
            drop(1);
        } else if (count == slots.length) {
            resize(slots.length * 2);
        }
        slots[slot(count)] = (int) (offset - base);
        count++;
        lastSequence = sequence;
    }

    /// Evicts every reference below `horizon`.
    public void forgetBelow(long horizon) {
        int dropped = firstAtOrAbove(horizon);
        if (dropped > 0) {
            drop(dropped);
            int fit = Math.max(CAPACITY_MIN, Integer.highestOneBit(Math.max(1, count) * 2 - 1));
            if (fit * 4 <= slots.length) {
                resize(fit);
            }
        }
    }

    /// Whether all dispatches after `sequence` can be replayed: it is not older than the references held, and it has
    /// been assigned.
    public boolean replayableAfter(int sequence) {
        return sequence >= lastSequence - count && sequence <= lastSequence;
    }

    /// The log offset of a held sequence.
    ///
    /// @throws IllegalArgumentException if it is not held
    public long offset(int sequence) {
        if (sequence < firstSequence() || sequence > lastSequence) {
            throw new IllegalArgumentException(
                    "sequence " + sequence + " (expected: " + firstSequence() + ".." + lastSequence + ")");
        }
        return at(sequence - firstSequence());
    }

    /// The oldest sequence held; one above the last when nothing is.
    public int firstSequence() {
        return lastSequence - count + 1;
    }

    /// The last sequence assigned, held or not; 0 before the first.
    public int lastSequence() {
        return lastSequence;
    }

    public int count() {
        return count;
    }

    /// Every offset held, oldest first.
    public long[] offsets() {
        long[] all = new long[count];
        for (int i = 0; i < count; i++) {
            all[i] = at(i);
        }
        return all;
    }

    int capacity() {
        return slots.length;
    }

    private long at(int index) {
        return base + Integer.toUnsignedLong(slots[slot(index)]);
    }

    private int slot(int index) {
        return (head + index) & (slots.length - 1);
    }

    private void drop(int references) {
        head = slot(references);
        count -= references;
    }

    private int firstAtOrAbove(long horizon) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (at(middle) < horizon) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void rebase(long newBase) {
        for (int i = 0; i < count; i++) {
            slots[slot(i)] = (int) (at(i) - newBase);
        }
        base = newBase;
    }

    private void resize(int capacity) {
        int[] moved = new int[capacity];
        int tail = Math.min(count, slots.length - head);
        System.arraycopy(slots, head, moved, 0, tail);
        System.arraycopy(slots, 0, moved, tail, count - tail);
        slots = moved;
        head = 0;
    }
}
