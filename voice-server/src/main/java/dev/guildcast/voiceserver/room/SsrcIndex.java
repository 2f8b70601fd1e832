package dev.guildcast.voiceserver.room;

import org.jspecify.annotations.Nullable;

/// The streams by SSRC, without an object for each look-up.
///
/// - **Owner:** the media loop.
/// - **Bound:** as many streams as [Rooms] lets in; at most half of the table is used.
final class SsrcIndex {
    /// A power of two, which the table stays as it doubles; it suffices for a server with a few rooms.
    private static final int CAPACITY_FIRST = 64;
    // 2^32 divided by the golden ratio: SSRCs that were given out in a row are spread.
    private static final int SPREAD = 0x9e3779b9;

    private @Nullable InboundStream[] table = new InboundStream[CAPACITY_FIRST];
    private int size;

    @Nullable
    InboundStream get(int ssrc) {
        for (int at = place(ssrc); ; at = next(at)) {
            InboundStream found = table[at];
            if (found == null || found.ssrc() == ssrc) {
                return found;
            }
        }
    }

    /// @param stream whose SSRC nobody has
    void add(InboundStream stream) {
        if (size * 2 >= table.length) {
            @Nullable InboundStream[] old = table;
            table = new InboundStream[old.length * 2];
            for (InboundStream one : old) {
                if (one != null) {
                    put(one);
                }
            }
        }
        put(stream);
        size++;
    }

    void remove(InboundStream stream) {
        int hole = place(stream.ssrc());
        while (table[hole] != stream) {
            if (table[hole] == null) {
                return;
            }
            hole = next(hole);
        }
        size--;
        // Whoever stands behind the hole and belongs at or before it moves up, so that no look-up ends at the hole.
        for (int at = next(hole); ; at = next(at)) {
            InboundStream one = table[at];
            if (one == null) {
                break;
            }
            if (distance(place(one.ssrc()), at) >= distance(hole, at)) {
                table[hole] = one;
                hole = at;
            }
        }
        table[hole] = null;
    }

    int size() {
        return size;
    }

    private void put(InboundStream stream) {
        int at = place(stream.ssrc());
        while (table[at] != null) {
            at = next(at);
        }
        table[at] = stream;
    }

    private int place(int ssrc) {
        return ssrc * SPREAD >>> Integer.numberOfLeadingZeros(table.length) + 1;
    }

    private int next(int at) {
        return at + 1 & table.length - 1;
    }

    private int distance(int from, int to) {
        return to - from & table.length - 1;
    }
}
