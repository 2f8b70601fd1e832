package dev.guildcast.voiceserver.relay;

import dev.guildcast.voiceserver.packet.PacketType;
import java.util.concurrent.atomic.AtomicLong;

/// What the relay did since it was started.
///
/// - **Owner:** the media loop counts; any thread reads.
public final class RelayCounts {
    private final EnumCounts<PacketType> received = new EnumCounts<>(PacketType.class);
    private final EnumCounts<Dropped> dropped = new EnumCounts<>(Dropped.class);
    private final AtomicLong receivedBytes = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong sentBytes = new AtomicLong();
    private final AtomicLong rebound = new AtomicLong();

    public EnumCounts<PacketType> received() {
        return received;
    }

    public EnumCounts<Dropped> dropped() {
        return dropped;
    }

    public long receivedBytes() {
        return receivedBytes.getAcquire();
    }

    public long sent() {
        return sent.getAcquire();
    }

    public long sentBytes() {
        return sentBytes.getAcquire();
    }

    /// How often a participant proved an address other than the one before.
    public long rebound() {
        return rebound.getAcquire();
    }

    void onReceived(PacketType type, int bytes) {
        received.add(type);
        receivedBytes.setRelease(receivedBytes.getPlain() + bytes);
    }

    void onSent(int bytes) {
        sent.setRelease(sent.getPlain() + 1);
        sentBytes.setRelease(sentBytes.getPlain() + bytes);
    }

    void onRebound() {
        rebound.setRelease(rebound.getPlain() + 1);
    }

    void drop(Dropped reason) {
        dropped.add(reason);
    }
}
