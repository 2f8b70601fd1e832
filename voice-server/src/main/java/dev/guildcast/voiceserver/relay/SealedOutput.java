package dev.guildcast.voiceserver.relay;

import dev.guildcast.voiceserver.crypto.PacketSealer;
import dev.guildcast.voiceserver.packet.PacketType;
import dev.guildcast.voiceserver.room.Participant;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// Seals for one receiver after the other and sends.
///
/// - **Owner:** the media loop.
/// - **Bound:** one buffer.
final class SealedOutput {
    private final PacketOutput output;
    private final RelayCounts counts;
    private final ByteBuffer sealed = ByteBuffer.allocate(PacketType.BYTES_MAX + PacketSealer.OVERHEAD_BYTES);

    SealedOutput(PacketOutput output, RelayCounts counts) {
        this.output = output;
        this.counts = counts;
    }

    /// To the receiver's address, if it has one.
    ///
    /// @param clear between position and limit, which stay
    void seal(Participant receiver, ByteBuffer clear, int headerBytes) {
        InetSocketAddress target = receiver.address();
        if (target == null) {
            return;
        }
        if (!receiver.sealer().seal(clear, headerBytes, sealed.clear())) {
            counts.drop(Dropped.NONCES);
            return;
        }
        send(sealed.flip(), target);
    }

    /// As it is.
    void send(ByteBuffer datagram, InetSocketAddress target) {
        int bytes = datagram.remaining();
        switch (output.send(datagram, target)) {
            case DONE -> counts.onSent(bytes);
            case FULL -> counts.drop(Dropped.SEND_BUFFER);
            case FAILED -> counts.drop(Dropped.UNREACHABLE);
        }
    }
}
