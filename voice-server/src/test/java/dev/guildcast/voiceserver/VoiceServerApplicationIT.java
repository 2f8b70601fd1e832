package dev.guildcast.voiceserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.voiceserver.control.LivenessProbe;
import dev.guildcast.voiceserver.control.RoomControl;
import dev.guildcast.voiceserver.crypto.EncryptionMode;
import dev.guildcast.voiceserver.relay.NativeClient;
import dev.guildcast.voiceserver.room.RoomOutcome;
import dev.guildcast.voiceserver.socket.UdpPort;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/// The whole server, started as in production.
class VoiceServerApplicationIT {
    private static ConfigurableApplicationContext server;

    @BeforeAll
    static void start() {
        server = VoiceServerApplication.start(
                "--server.port=0", "--voice-server.socket.port=0", "--voice-server.socket.address=127.0.0.1");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void carriesSoundAndCountsIt() throws Exception {
        var control = server.getBean(RoomControl.class);
        var ann = new NativeClient(1, EncryptionMode.AEAD_AES256_GCM_RTPSIZE);
        var bob = new NativeClient(2, EncryptionMode.AEAD_XCHACHA20_POLY1305_RTPSIZE);
        assertThat(control.open(1, 1).join()).isEqualTo(RoomOutcome.DONE);
        assertThat(control.join(1, 1, ann.joining()).join()).isEqualTo(RoomOutcome.DONE);
        assertThat(control.join(1, 1, bob.joining()).join()).isEqualTo(RoomOutcome.DONE);
        var port =
                new InetSocketAddress("127.0.0.1", server.getBean(UdpPort.class).localPort());
        try (var annSocket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
                var bobSocket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"))) {
            send(bobSocket, bob.discovery(), port);
            assertThat(receive(bobSocket).remaining()).isEqualTo(74);
            send(bobSocket, bob.sound("here"), port);
            send(annSocket, ann.discovery(), port);
            receive(annSocket);
            send(annSocket, ann.sound("hello"), port);
            assertThat(bob.openSound(receive(bobSocket))).contains("hello");
        }
        assertThat(get("/actuator/prometheus").body())
                .contains(
                        "guildcast_voice_media_sent_total",
                        "guildcast_voice_media_received_total{type=\"rtp\"} 2.0",
                        "guildcast_voice_media_dropped_total{reason=\"forged\"} 0.0",
                        "guildcast_voice_media_participants 2.0");
        assertThat(control.close(1, 1).join()).isEqualTo(RoomOutcome.DONE);
    }

    @Test
    void isAliveAndReadyByItsLoop() throws Exception {
        assertThat(get("/actuator/health/liveness").statusCode()).isEqualTo(200);
        assertThat(get("/actuator/health/readiness").statusCode()).isEqualTo(200);
        assertThat(server.getBean(LivenessProbe.class).ping().get(5, TimeUnit.SECONDS))
                .isNotNull();
    }

    private static void send(DatagramSocket socket, ByteBuffer datagram, InetSocketAddress target) throws Exception {
        socket.send(new DatagramPacket(datagram.array(), datagram.position(), datagram.remaining(), target));
    }

    private static ByteBuffer receive(DatagramSocket socket) throws Exception {
        var packet = new DatagramPacket(new byte[4096], 4096);
        socket.setSoTimeout(5000);
        socket.receive(packet);
        return ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
    }

    private static HttpResponse<String> get(String path) throws Exception {
        String port = server.getEnvironment().getRequiredProperty("local.server.port");
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
