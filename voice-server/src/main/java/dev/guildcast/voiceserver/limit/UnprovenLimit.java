package dev.guildcast.voiceserver.limit;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/// What comes from addresses that have proven nothing yet: a rate for each network of origin, and one for all together,
/// so that a flood costs the loop a known share of its time.
///
/// - **Owner:** the media loop.
/// - **Bound:** [#SLOTS] numbers. Two networks may share a slot and then share its rate; which ones cannot be foreseen.
public final class UnprovenLimit {
    /// 32 KiB of numbers: the chance that a network shares its slot with one of a hundred others is 2 %.
    static final int SLOTS = 4096;

    /// A /64 is the smallest network that one customer usually has.
    private static final int IPV6_NETWORK_BYTES = 8;
    /// The 64-bit finaliser of MurmurHash3.
    private static final long MIX_1 = 0xff51afd7ed558ccdL;
    private static final long MIX_2 = 0xc4ceb9fe1a85ec53L;
    private static final int MIX_SHIFT = 33;

    private final long[] dueNanos = new long[SLOTS];
    private final long salt;
    private final long intervalNanos;
    private final long burstNanos;
    private final RateLimit together;

    /// @param perSource packets a second from one IPv4 address or one IPv6 /64
    /// @param together packets a second from all of them
    /// @param salt random, so that nobody can choose addresses that share a slot with others
    public UnprovenLimit(int perSource, int together, long salt, long nowNanos) {
        intervalNanos = TimeUnit.SECONDS.toNanos(1) / perSource;
        // A second's worth may come at once: clients behind one address that are moved together come back together.
        burstNanos = intervalNanos * (perSource - 1);
        this.together = new RateLimit(together, together);
        this.salt = salt;
        Arrays.fill(dueNanos, nowNanos);
    }

    /// Takes one packet from this source, or answers false.
    public boolean tryTake(InetAddress source, long nowNanos) {
        int slot = slot(source);
        long due = Math.max(dueNanos[slot] - nowNanos, 0);
        if (due > burstNanos || !together.tryTake(nowNanos)) {
            return false;
        }
        dueNanos[slot] = nowNanos + due + intervalNanos;
        return true;
    }

    private int slot(InetAddress source) {
        byte[] address = source.getAddress();
        long network = 0;
        // A whole IPv4 address, or the half of an IPv6 one that its owner cannot choose freely.
        for (int i = 0; i < Math.min(address.length, IPV6_NETWORK_BYTES); i++) {
            network = network << Byte.SIZE | Byte.toUnsignedLong(address[i]);
        }
        long mixed = network ^ salt;
        mixed = (mixed ^ mixed >>> MIX_SHIFT) * MIX_1;
        mixed = (mixed ^ mixed >>> MIX_SHIFT) * MIX_2;
        mixed ^= mixed >>> MIX_SHIFT;
        return (int) (mixed & SLOTS - 1);
    }
}
