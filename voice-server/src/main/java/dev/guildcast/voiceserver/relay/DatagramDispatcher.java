package dev.guildcast.voiceserver.relay;

import dev.guildcast.voiceserver.limit.LoadShedder;
import dev.guildcast.voiceserver.limit.UnprovenLimit;
import dev.guildcast.voiceserver.packet.AddressDiscovery;
import dev.guildcast.voiceserver.packet.PacketType;
import dev.guildcast.voiceserver.packet.Ping;
import dev.guildcast.voiceserver.room.InboundStream;
import dev.guildcast.voiceserver.room.Participant;
import dev.guildcast.voiceserver.room.Rooms;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/// Dispatches a datagram by its type.
///
/// - **Owner:** the media loop.
/// - **Promise:** nothing that comes in can make it fail; an address that has proven nothing is sent no more bytes than
///   came from it.
public final class DatagramDispatcher {
    private final Rooms rooms;
    private final BrowserPackets browsers;
    private final RelayCounts counts = new RelayCounts();
    private final InboundPacketAuthenticator authenticator;
    private final SealedOutput output;
    private final RtpForwarder rtp;
    private final RtcpForwarder rtcp;
    private final ByteBuffer response = ByteBuffer.allocate(AddressDiscovery.BYTES);

    public DatagramDispatcher(
            Rooms rooms, UnprovenLimit unproven, LoadShedder shedder, BrowserPackets browsers, PacketOutput datagrams) {
        this.rooms = rooms;
        this.browsers = browsers;
        authenticator = new InboundPacketAuthenticator(rooms, counts, unproven);
        output = new SealedOutput(datagrams, counts);
        rtp = new RtpForwarder(rooms, counts, authenticator, shedder, output);
        rtcp = new RtcpForwarder(rooms, counts, authenticator, output);
    }

    public RelayCounts counts() {
        return counts;
    }

    /// @param datagram between position and limit, backed by an array; of use during the call only
    public void onPacket(ByteBuffer datagram, InetSocketAddress source, long nowNanos) {
        PacketType type = datagram.remaining() > PacketType.BYTES_MAX ? PacketType.UNKNOWN : PacketType.of(datagram);
        counts.onReceived(type, datagram.remaining());
        switch (type) {
            case RTP -> rtp.onPacket(datagram, source, nowNanos);
            case RTCP -> rtcp.onPacket(datagram, source, nowNanos);
            case DISCOVERY -> onDiscovery(datagram, source, nowNanos);
            case PING -> onPing(datagram, source, nowNanos);
            case KEEP_ALIVE -> onKeepAlive(source, nowNanos);
            case STUN, DTLS -> browsers.onPacket(type, datagram, source, nowNanos);
            case UNKNOWN -> counts.drop(Dropped.MALFORMED);
        }
    }

    private void onDiscovery(ByteBuffer request, InetSocketAddress source, long nowNanos) {
        int ssrc = AddressDiscovery.ssrc(request);
        InboundStream stream = rooms.stream(ssrc);
        if (stream == null) {
            counts.drop(Dropped.UNKNOWN);
        } else if (authenticator.admitsUnproven(source, nowNanos)) {
            rooms.onDiscovered(stream.participant(), source);
            response.clear();
            AddressDiscovery.writeResponse(ssrc, source, response);
            output.send(response.flip(), source);
        }
    }

    private void onPing(ByteBuffer ping, InetSocketAddress source, long nowNanos) {
        Participant participant = rooms.at(source);
        if (participant == null) {
            counts.drop(Dropped.UNKNOWN);
        } else if (admitsPing(participant, source, nowNanos)) {
            onSeen(participant, source, nowNanos);
            response.clear();
            Ping.writeResponse(ping, response);
            output.send(response.flip(), source);
        }
    }

    private boolean admitsPing(Participant participant, InetSocketAddress source, long nowNanos) {
        if (!participant.isAt(source)) {
            return authenticator.admitsUnproven(source, nowNanos);
        }
        // Not by the limit of unproven sources: many participants may be behind one address.
        boolean admitted = participant.attemptRate().tryTake(nowNanos);
        if (!admitted) {
            counts.drop(Dropped.STREAM_RATE);
        }
        return admitted;
    }

    private void onKeepAlive(InetSocketAddress source, long nowNanos) {
        Participant participant = rooms.at(source);
        if (participant == null) {
            counts.drop(Dropped.UNKNOWN);
        } else {
            onSeen(participant, source, nowNanos);
        }
    }

    private static void onSeen(Participant participant, InetSocketAddress source, long nowNanos) {
        // From an address that was only asked for it would keep another one alive.
        if (participant.isAt(source)) {
            participant.onSeen(nowNanos);
        }
    }
}
