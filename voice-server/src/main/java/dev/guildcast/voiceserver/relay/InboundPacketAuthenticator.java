package dev.guildcast.voiceserver.relay;

import dev.guildcast.voiceserver.crypto.PacketOpener;
import dev.guildcast.voiceserver.crypto.PacketSealer;
import dev.guildcast.voiceserver.limit.RateLimit;
import dev.guildcast.voiceserver.limit.UnprovenLimit;
import dev.guildcast.voiceserver.packet.PacketType;
import dev.guildcast.voiceserver.room.Participant;
import dev.guildcast.voiceserver.room.ReplayGuard;
import dev.guildcast.voiceserver.room.Rooms;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// Authenticates and decrypts packets that bear the SSRC of a participant. Cheap checks come before the cipher.
///
/// - **Owner:** the media loop.
/// - **Promise:** what it lets in was sealed with the participant's key, has not come before, and was not more than its
///   stream may send. Only such a packet, and only the latest of its sender, makes an address the participant's.
final class InboundPacketAuthenticator {
    private final Rooms rooms;
    private final RelayCounts counts;
    private final UnprovenLimit unproven;
    private final ByteBuffer clear = ByteBuffer.allocate(PacketType.BYTES_MAX);

    InboundPacketAuthenticator(Rooms rooms, RelayCounts counts, UnprovenLimit unproven) {
        this.rooms = rooms;
        this.counts = counts;
        this.unproven = unproven;
    }

    /// The last admitted packet in the clear, between position and limit; valid until the next call.
    ByteBuffer clear() {
        return clear;
    }

    /// Whether something may be done for a source that has proven nothing.
    boolean admitsUnproven(InetSocketAddress source, long nowNanos) {
        boolean admitted = unproven.tryTake(source.getAddress(), nowNanos);
        if (!admitted) {
            counts.drop(Dropped.UNPROVEN_RATE);
        }
        return admitted;
    }

    /// @param sequence of RTP, or [ReplayGuard#NO_SEQUENCE]
    boolean admits(Inbound inbound, ByteBuffer packet, int headerBytes, int sequence, long nowNanos) {
        if (packet.remaining() < headerBytes + PacketSealer.OVERHEAD_BYTES) {
            counts.drop(Dropped.MALFORMED);
            return false;
        }
        Participant sender = inbound.sender;
        boolean isHome = sender.isAt(inbound.source);
        if (!isHome && !admitsUnproven(inbound.source, nowNanos)) {
            return false;
        }
        if (isHome && !sender.attemptRate().tryTake(nowNanos)) {
            counts.drop(Dropped.STREAM_RATE);
            return false;
        }
        int nonce = PacketOpener.nonce(packet);
        if (!inbound.guard.isNew(nonce, sequence)) {
            counts.drop(Dropped.REPLAYED);
            return false;
        }
        if (!sender.opener().open(packet, headerBytes, clear.clear())) {
            counts.drop(Dropped.FORGED);
            return false;
        }
        clear.flip();
        boolean isLatest = inbound.guard.accept(nonce, sequence);
        // Only what is genuine counts: whoever forges a participant's packets cannot use up what it may send.
        if (!inbound.rate.tryTake(nowNanos)) {
            counts.drop(Dropped.STREAM_RATE);
            return false;
        }
        if (!sender.hasDiscovered()) {
            counts.drop(Dropped.UNDISCOVERED);
            return false;
        }
        if (isHome) {
            sender.onSeen(nowNanos);
        } else if (isLatest) {
            if (sender.address() != null) {
                counts.onRebound();
            }
            rooms.onProven(sender, inbound.source);
            sender.onSeen(nowNanos);
        }
        return true;
    }

    /// What a packet claims, and what it is held against; one, used again and again.
    static final class Inbound {
        private Participant sender;
        private InetSocketAddress source;
        private RateLimit rate;
        private ReplayGuard guard;

        @SuppressWarnings("NullAway.Init") // Filled before each use.
        Inbound() {}

        Inbound from(Participant participant, InetSocketAddress address, RateLimit limit, ReplayGuard replayGuard) {
            sender = participant;
            source = address;
            rate = limit;
            guard = replayGuard;
            return this;
        }
    }
}
