package dev.guildcast.voiceserver.relay;

import dev.guildcast.voiceserver.packet.RtcpPacket;
import dev.guildcast.voiceserver.room.InboundStream;
import dev.guildcast.voiceserver.room.Participant;
import dev.guildcast.voiceserver.room.ReplayGuard;
import dev.guildcast.voiceserver.room.Room;
import dev.guildcast.voiceserver.room.Rooms;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// Passes on what others need of RTCP: sender reports to the room, which times sound and video by them, and feedback,
/// such as a request for a key frame, to whose stream it is about. Receiver reports, names and goodbyes end here.
///
/// - **Owner:** the media loop.
final class RtcpForwarder {
    private final Rooms rooms;
    private final RelayCounts counts;
    private final InboundPacketAuthenticator authenticator;
    private final SealedOutput output;
    private final InboundPacketAuthenticator.Inbound inbound = new InboundPacketAuthenticator.Inbound();

    RtcpForwarder(Rooms rooms, RelayCounts counts, InboundPacketAuthenticator authenticator, SealedOutput output) {
        this.rooms = rooms;
        this.counts = counts;
        this.authenticator = authenticator;
        this.output = output;
    }

    void onPacket(ByteBuffer datagram, InetSocketAddress source, long nowNanos) {
        if (datagram.remaining() < RtcpPacket.CLEAR_BYTES) {
            counts.drop(Dropped.MALFORMED);
            return;
        }
        InboundStream stream = rooms.stream(RtcpPacket.sender(datagram, datagram.position()));
        if (stream == null) {
            counts.drop(Dropped.UNKNOWN);
            return;
        }
        Participant sender = stream.participant();
        inbound.from(sender, source, sender.controlRate(), sender.controlGuard());
        if (!authenticator.admits(inbound, datagram, RtcpPacket.CLEAR_BYTES, ReplayGuard.NO_SEQUENCE, nowNanos)) {
            return;
        }
        if (sender.flags().suppress()) {
            counts.drop(Dropped.SUPPRESSED);
            return;
        }
        forward(sender, authenticator.clear(), nowNanos);
    }

    private void forward(Participant sender, ByteBuffer clear, long nowNanos) {
        int end = clear.limit();
        int at = clear.position();
        while (at < end) {
            int bytes = RtcpPacket.bytes(clear, at);
            if (bytes == RtcpPacket.MALFORMED) {
                counts.drop(Dropped.MALFORMED);
                return;
            }
            InboundStream stream = rooms.stream(RtcpPacket.sender(clear, at));
            // Nobody reports in another's name.
            if (stream != null && stream.participant() == sender) {
                clear.limit(at + bytes).position(at);
                forwardOne(sender, clear, bytes, nowNanos);
                clear.limit(end);
            }
            at += bytes;
        }
    }

    private void forwardOne(Participant sender, ByteBuffer clear, int bytes, long nowNanos) {
        int at = clear.position();
        // Each packet for itself: a datagram has room for seventy of them.
        if (RtcpPacket.type(clear, at) == RtcpPacket.SENDER_REPORT) {
            if (sender.reportRate().tryTake(nowNanos)) {
                forwardReport(sender, clear);
            } else {
                counts.drop(Dropped.STREAM_RATE);
            }
        } else if (RtcpPacket.isFeedback(clear, at, bytes)) {
            if (sender.controlRate().tryTake(nowNanos)) {
                forwardFeedback(sender, clear);
            } else {
                counts.drop(Dropped.STREAM_RATE);
            }
        }
    }

    private void forwardReport(Participant sender, ByteBuffer report) {
        Room room = sender.room();
        for (int i = 0; i < room.size(); i++) {
            Participant receiver = room.member(i);
            if (receiver != sender) {
                output.seal(receiver, report, RtcpPacket.CLEAR_BYTES);
            }
        }
    }

    private void forwardFeedback(Participant sender, ByteBuffer feedback) {
        InboundStream about = rooms.stream(RtcpPacket.media(feedback, feedback.position()));
        if (about != null
                && about.participant() != sender
                && about.participant().room() == sender.room()) {
            output.seal(about.participant(), feedback, RtcpPacket.CLEAR_BYTES);
        }
    }
}
