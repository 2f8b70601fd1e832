package dev.guildcast.voiceserver.relay;

import dev.guildcast.voiceserver.limit.LoadLevel;
import dev.guildcast.voiceserver.limit.LoadShedder;
import dev.guildcast.voiceserver.packet.RtpHeader;
import dev.guildcast.voiceserver.room.InboundStream;
import dev.guildcast.voiceserver.room.Participant;
import dev.guildcast.voiceserver.room.Room;
import dev.guildcast.voiceserver.room.Rooms;
import dev.guildcast.voiceserver.room.StreamKind;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// Passes sound and video on to everybody else in the room who may be sent it.
///
/// - **Owner:** the media loop.
final class RtpForwarder {
    private final Rooms rooms;
    private final RelayCounts counts;
    private final InboundPacketAuthenticator authenticator;
    private final LoadShedder shedder;
    private final SealedOutput output;
    private final InboundPacketAuthenticator.Inbound inbound = new InboundPacketAuthenticator.Inbound();

    RtpForwarder(
            Rooms rooms,
            RelayCounts counts,
            InboundPacketAuthenticator authenticator,
            LoadShedder shedder,
            SealedOutput output) {
        this.rooms = rooms;
        this.counts = counts;
        this.authenticator = authenticator;
        this.shedder = shedder;
        this.output = output;
    }

    void onPacket(ByteBuffer packet, InetSocketAddress source, long nowNanos) {
        int headerBytes = RtpHeader.clearBytes(packet);
        if (headerBytes == RtpHeader.MALFORMED) {
            counts.drop(Dropped.MALFORMED);
            return;
        }
        InboundStream stream = rooms.stream(RtpHeader.ssrc(packet));
        if (stream == null) {
            counts.drop(Dropped.UNKNOWN);
            return;
        }
        // Before the cipher, so that what is shed costs next to nothing.
        if (isShed(stream.kind())) {
            counts.drop(Dropped.SHED);
            return;
        }
        Participant sender = stream.participant();
        if (stream.kind().isSound() != (RtpHeader.payloadType(packet) == sender.soundPayloadType())) {
            counts.drop(Dropped.PAYLOAD_TYPE);
            return;
        }
        inbound.from(sender, source, stream.rate(), stream.replayGuard());
        if (!authenticator.admits(inbound, packet, headerBytes, RtpHeader.sequence(packet), nowNanos)) {
            return;
        }
        if (sender.flags().suppress()) {
            counts.drop(Dropped.SUPPRESSED);
        } else if (sender.flags().mute() && stream.kind().isSound()) {
            counts.drop(Dropped.MUTED);
        } else {
            forward(sender, stream.kind().isSound(), headerBytes);
        }
    }

    private void forward(Participant sender, boolean isSound, int headerBytes) {
        ByteBuffer clear = authenticator.clear();
        Room room = sender.room();
        for (int i = 0; i < room.size(); i++) {
            Participant receiver = room.member(i);
            if (receiver == sender || isSound && receiver.flags().deafen()) {
                continue;
            }
            if (isSound) {
                RtpHeader.setPayloadType(clear, receiver.soundPayloadType());
            }
            output.seal(receiver, clear, headerBytes);
        }
    }

    private boolean isShed(StreamKind kind) {
        LoadLevel level = shedder.level();
        return switch (kind) {
            case VOICE -> false;
            case SCREEN_SOUND -> level == LoadLevel.VOICE_ONLY;
            case VIDEO, RETRANSMISSION -> level != LoadLevel.NORMAL;
        };
    }
}
