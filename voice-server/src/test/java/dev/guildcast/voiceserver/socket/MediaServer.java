package dev.guildcast.voiceserver.socket;

import dev.guildcast.voiceserver.control.LivenessProbe;
import dev.guildcast.voiceserver.control.LoopLivenessProbe;
import dev.guildcast.voiceserver.control.MediaLoopRoomControl;
import dev.guildcast.voiceserver.control.RoomControl;
import dev.guildcast.voiceserver.limit.LoadShedder;
import dev.guildcast.voiceserver.limit.UnprovenLimit;
import dev.guildcast.voiceserver.relay.BrowserPackets;
import dev.guildcast.voiceserver.relay.DatagramDispatcher;
import dev.guildcast.voiceserver.room.RoomProperties;
import dev.guildcast.voiceserver.room.Rooms;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import org.springframework.util.unit.DataSize;

/// A media loop at a port of its own.
final class MediaServer implements AutoCloseable {
    static final int COMMANDS_MAX = 50;

    final UdpPort port;
    final DatagramDispatcher relay;
    final MediaLoop loop;
    final RoomControl control;
    final LivenessProbe probe;

    /// @param address to bind; empty: all
    MediaServer(String address) throws IOException {
        var rooms = new Rooms(
                new RoomProperties(100, 100, 100, 8, 100, Duration.ofSeconds(60), 200, 2000, 100),
                new SecureRandom()::nextInt);
        var shedder = new LoadShedder(0.85, 0.95, 0.7, System.nanoTime());
        port = UdpPort.open(
                new SocketProperties(address, 0, DataSize.ofKilobytes(200), DataSize.ofKilobytes(200), COMMANDS_MAX));
        relay = new DatagramDispatcher(
                rooms, new UnprovenLimit(100, 1000, 5, System.nanoTime()), shedder, BrowserPackets.UNSERVED, port);
        loop = new MediaLoop(new MediaLoop.LoopParts(port, relay, rooms, shedder), COMMANDS_MAX, System::nanoTime);
        control = new MediaLoopRoomControl(rooms, loop);
        probe = new LoopLivenessProbe(loop, rooms, shedder, System::nanoTime);
    }

    MediaServer start() {
        loop.start();
        return this;
    }

    @Override
    public void close() throws IOException {
        loop.close();
    }
}
