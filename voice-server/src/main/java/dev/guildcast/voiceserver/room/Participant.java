package dev.guildcast.voiceserver.room;

import dev.guildcast.voiceserver.crypto.PacketOpener;
import dev.guildcast.voiceserver.crypto.PacketSealer;
import dev.guildcast.voiceserver.crypto.ServerNonces;
import dev.guildcast.voiceserver.limit.RateLimit;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A user in a room: its key, its streams and the address it has proven.
///
/// - **Owner:** the media loop.
/// - **Promise:** it is sent media only at an address from which a packet came that opened with its key.
public final class Participant {
    private final long user;
    private final Room room;
    private final int soundPayloadType;
    private final PacketOpener opener;
    private final PacketSealer sealer;
    private final List<InboundStream> streams;
    private final RateLimit attemptRate;
    private final RateLimit controlRate;
    private final RateLimit reportRate;
    private final ReplayGuard controlGuard = new ReplayGuard();
    private VoiceFlags flags;
    private @Nullable InetSocketAddress discovered;
    private @Nullable InetSocketAddress address;
    private long lastSeenNanos;

    Participant(Room room, NewParticipant joining, StreamRates rates, int firstNonce) {
        this.user = joining.user();
        this.room = room;
        this.soundPayloadType = joining.soundPayloadType();
        this.opener = joining.mode().opener(joining.key());
        this.sealer = joining.mode().sealer(joining.key(), new ServerNonces(firstNonce));
        this.streams = joining.streams().stream()
                .map(stream -> new InboundStream(this, stream, rates.of(stream.kind())))
                .toList();
        this.attemptRate = rates.attempts();
        this.controlRate = rates.control();
        this.reportRate = rates.reports();
        this.flags = joining.flags();
    }

    public long user() {
        return user;
    }

    public Room room() {
        return room;
    }

    public int soundPayloadType() {
        return soundPayloadType;
    }

    public PacketOpener opener() {
        return opener;
    }

    public PacketSealer sealer() {
        return sealer;
    }

    public VoiceFlags flags() {
        return flags;
    }

    /// Of packets from its address that are tried with its key, whoever sent them.
    public RateLimit attemptRate() {
        return attemptRate;
    }

    /// Of its RTCP: of the datagrams, and of the feedback in them.
    public RateLimit controlRate() {
        return controlRate;
    }

    /// Of its sender reports, which go to everybody.
    public RateLimit reportRate() {
        return reportRate;
    }

    /// Of its RTCP.
    public ReplayGuard controlGuard() {
        return controlGuard;
    }

    /// Where it is sent media; null before it has proven an address, and when it has been silent for too long.
    public @Nullable InetSocketAddress address() {
        return address;
    }

    public boolean isAt(InetSocketAddress source) {
        return source.equals(address);
    }

    /// Whether it has asked for its address.
    public boolean hasDiscovered() {
        return discovered != null;
    }

    /// Something came from its address.
    public void onSeen(long nowNanos) {
        lastSeenNanos = nowNanos;
    }

    /// Whether the one who joins asks for its address with the same SSRC.
    boolean asksAs(NewParticipant joining) {
        return streams.getFirst().ssrc() == joining.streams().getFirst().ssrc();
    }

    List<InboundStream> streams() {
        return streams;
    }

    @Nullable
    InetSocketAddress discovered() {
        return discovered;
    }

    void setFlags(VoiceFlags flags) {
        this.flags = flags;
    }

    void setDiscovered(InetSocketAddress source) {
        discovered = source;
    }

    void setAddress(@Nullable InetSocketAddress source) {
        address = source;
    }

    boolean isIdle(long idleNanos, long nowNanos) {
        return address != null && nowNanos - lastSeenNanos >= idleNanos;
    }

    void wipe() {
        opener.wipe();
        sealer.wipe();
    }

    /// Without the address.
    @Override
    public String toString() {
        return "participant " + Long.toUnsignedString(user) + " of room " + Long.toUnsignedString(room.id());
    }
}
