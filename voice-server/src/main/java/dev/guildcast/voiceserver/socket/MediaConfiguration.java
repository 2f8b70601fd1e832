package dev.guildcast.voiceserver.socket;

import dev.guildcast.voiceserver.control.LivenessProbe;
import dev.guildcast.voiceserver.control.LoopLivenessProbe;
import dev.guildcast.voiceserver.control.MediaLoopRoomControl;
import dev.guildcast.voiceserver.control.RoomControl;
import dev.guildcast.voiceserver.limit.LoadShedder;
import dev.guildcast.voiceserver.limit.UnprovenLimit;
import dev.guildcast.voiceserver.relay.BrowserPackets;
import dev.guildcast.voiceserver.relay.DatagramDispatcher;
import dev.guildcast.voiceserver.relay.RelayProperties;
import dev.guildcast.voiceserver.room.RoomProperties;
import dev.guildcast.voiceserver.room.Rooms;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.function.LongSupplier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({SocketProperties.class, RelayProperties.class, RoomProperties.class})
class MediaConfiguration {
    private static final LongSupplier NANO_TIME = System::nanoTime;

    @Bean
    Rooms rooms(RoomProperties properties) {
        return new Rooms(properties, new SecureRandom()::nextInt);
    }

    @Bean
    LoadShedder loadShedder(RelayProperties properties) {
        return new LoadShedder(
                properties.shedVideoShare(),
                properties.shedScreenShare(),
                properties.calmShare(),
                NANO_TIME.getAsLong());
    }

    @Bean(destroyMethod = "close")
    UdpPort udpPort(SocketProperties properties) throws IOException {
        return UdpPort.open(properties);
    }

    @Bean
    DatagramDispatcher datagramDispatcher(Rooms rooms, LoadShedder shedder, UdpPort port, RelayProperties properties) {
        var unproven = new UnprovenLimit(
                properties.unprovenPerSource(),
                properties.unprovenTogether(),
                new SecureRandom().nextLong(),
                NANO_TIME.getAsLong());
        return new DatagramDispatcher(rooms, unproven, shedder, BrowserPackets.UNSERVED, port);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    MediaLoop mediaLoop(
            UdpPort port, DatagramDispatcher dispatcher, Rooms rooms, LoadShedder shedder, SocketProperties properties)
            throws IOException {
        return new MediaLoop(
                new MediaLoop.LoopParts(port, dispatcher, rooms, shedder), properties.commandsMax(), NANO_TIME);
    }

    @Bean
    RoomControl roomControl(Rooms rooms, MediaLoop loop) {
        return new MediaLoopRoomControl(rooms, loop);
    }

    @Bean
    LivenessProbe livenessProbe(MediaLoop loop, Rooms rooms, LoadShedder shedder) {
        return new LoopLivenessProbe(loop, rooms, shedder, NANO_TIME);
    }

    @Bean
    MediaLoopHealth mediaLoopHealthIndicator(MediaLoop loop) {
        return new MediaLoopHealth(loop);
    }

    @Bean
    MediaMetrics mediaMetrics(DatagramDispatcher dispatcher, MediaLoop loop, Rooms rooms, LoadShedder shedder) {
        return new MediaMetrics(dispatcher.counts(), loop, rooms, shedder);
    }
}
