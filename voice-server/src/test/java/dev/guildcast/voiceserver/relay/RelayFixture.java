package dev.guildcast.voiceserver.relay;

import dev.guildcast.voiceserver.limit.LoadShedder;
import dev.guildcast.voiceserver.limit.UnprovenLimit;
import dev.guildcast.voiceserver.room.RoomOutcome;
import dev.guildcast.voiceserver.room.RoomProperties;
import dev.guildcast.voiceserver.room.Rooms;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;

/// A relay without a socket: what it sends is kept, and time passes when it is told to.
final class RelayFixture {
    static final long ROOM = 7;
    static final long EPOCH = 3;
    static final int UNPROVEN_PER_SOURCE = 100;

    final RoomProperties properties = new RoomProperties(100, 100, 100, 8, 100, Duration.ofSeconds(60), 200, 2000, 100);
    final Rooms rooms = new Rooms(properties, () -> 42);
    final LoadShedder shedder = new LoadShedder(0.85, 0.95, 0.7, 0);
    final List<Datagram> sent = new ArrayList<>();
    final Map<InetSocketAddress, PacketOutput.Sent> troubles = new HashMap<>();
    final List<String> browserPackets = new ArrayList<>();
    long nowNanos = -5_000_000_000L;
    final DatagramDispatcher relay = new DatagramDispatcher(
            rooms,
            new UnprovenLimit(UNPROVEN_PER_SOURCE, 1000, 99, nowNanos),
            shedder,
            (type, datagram, source, now) -> browserPackets.add(type + " " + datagram.remaining()),
            this::keep);

    record Datagram(ByteBuffer bytes, InetSocketAddress target) {}

    RelayFixture() {
        rooms.open(ROOM, EPOCH);
    }

    private PacketOutput.Sent keep(ByteBuffer datagram, InetSocketAddress target) {
        var trouble = troubles.getOrDefault(target, PacketOutput.Sent.DONE);
        if (trouble == PacketOutput.Sent.DONE) {
            var copy = ByteBuffer.allocate(datagram.remaining()).put(datagram).flip();
            sent.add(new Datagram(copy, target));
        }
        return trouble;
    }

    static InetSocketAddress address(NativeClient client) {
        return new InetSocketAddress("127.0.0." + client.user(), 4000 + (int) client.user());
    }

    void join(NativeClient... clients) {
        for (NativeClient client : clients) {
            Assertions.assertThat(rooms.join(ROOM, EPOCH, client.joining())).isEqualTo(RoomOutcome.DONE);
        }
    }

    /// Lets the clients join, ask for their addresses and prove them.
    void connect(NativeClient... clients) {
        join(clients);
        for (NativeClient client : clients) {
            receive(client.discovery(), address(client));
            receive(client.sound("here"), address(client));
        }
        sent.clear();
    }

    void receive(ByteBuffer datagram, InetSocketAddress source) {
        // As it lies in the loop's buffer: with rubbish behind it.
        var buffer = ByteBuffer.allocate(4096);
        java.util.Arrays.fill(buffer.array(), (byte) 0xee);
        buffer.put(datagram.duplicate()).flip();
        relay.onPacket(buffer, source, nowNanos);
    }

    void receive(ByteBuffer datagram, NativeClient client) {
        receive(datagram, address(client));
    }

    void pass(Duration time) {
        nowNanos += time.toNanos();
    }

    long dropped(Dropped reason) {
        return relay.counts().dropped().of(reason);
    }

    /// What the client was sent since the last call of `sent.clear`, as sound.
    List<String> heard(NativeClient client) {
        return sent.stream()
                .filter(datagram -> datagram.target().equals(address(client)))
                .map(datagram -> client.openSound(datagram.bytes()).orElse("?"))
                .toList();
    }
}
