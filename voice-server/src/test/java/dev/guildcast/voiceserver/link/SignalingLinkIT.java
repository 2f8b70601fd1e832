package dev.guildcast.voiceserver.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.guildcast.shard.testing.TestIdentity;
import dev.guildcast.voice.v1.JoinRoom;
import dev.guildcast.voice.v1.LeaveRoom;
import dev.guildcast.voice.v1.MediaHello;
import dev.guildcast.voice.v1.MediaMode;
import dev.guildcast.voice.v1.MediaOrder;
import dev.guildcast.voice.v1.MediaOrderResult.Outcome;
import dev.guildcast.voice.v1.MediaServerMessage.MessageCase;
import dev.guildcast.voice.v1.MediaStreamRef;
import dev.guildcast.voiceserver.VoiceServerApplication;
import dev.guildcast.voiceserver.control.LivenessProbe;
import dev.guildcast.voiceserver.control.MediaExecutor;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/// The whole server, linked to a stand-in for voice-signaling over gRPC.
class SignalingLinkIT {
    private static final long GUILD = 1;
    private static final long ROOM = 2;
    private static final long USER = 3;

    private FakeSignaling signaling;
    private ConfigurableApplicationContext server;

    @BeforeEach
    void start() throws Exception {
        signaling = new FakeSignaling(0);
        server = VoiceServerApplication.start(
                "--server.port=0",
                TestIdentity.ARGUMENT,
                "--voice-server.socket.port=0",
                "--voice-server.socket.address=127.0.0.1",
                "--voice-server.link.target=127.0.0.1:" + signaling.port(),
                "--voice-server.link.server-id=relay-1",
                "--voice-server.link.report-every=200ms",
                "--voice-server.link.drain-window=200ms");
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        signaling.close();
    }

    @Test
    void registersReportsAndAnswersPings() throws Exception {
        var hello = hello();
        assertThat(hello.getServerId()).isEqualTo("relay-1");
        assertThat(hello.getIp()).isEqualTo("127.0.0.1");
        assertThat(hello.getPort()).isPositive();
        assertThat(hello.getParticipantsMax()).isEqualTo(5000);
        signaling.ping(7);
        assertThat(signaling.next(MessageCase.PULSE).getPulse().getNonce()).isEqualTo(7);
        assertThat(signaling.next(MessageCase.LOAD).getLoad().getLoad()).isBetween(0.0, 1.0);
    }

    @Test
    void answersNoPingWhileItsMediaLoopStandsStill() throws Exception {
        hello();
        var release = new CountDownLatch(1);
        var standing = new CountDownLatch(1);
        server.getBean(MediaExecutor.class).offer(new MediaExecutor.Task() {
            @Override
            public void run() {
                standing.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }

            @Override
            public void onClosed() {}
        });
        standing.await();
        signaling.received.clear();
        signaling.ping(8);
        assertThat(signaling.received.poll(500, TimeUnit.MILLISECONDS)).isNull();
        release.countDown();
        assertThat(signaling.next(MessageCase.PULSE).getPulse().getNonce()).isEqualTo(8);
        assertThat(server.getBean(LivenessProbe.class).ping()).isNotNull();
    }

    @Test
    void reportsTheRoomsThatItHoldsOnANewStream() throws Exception {
        long process = hello().getProcessId();
        assertThat(outcome(join(1, 5, 32))).isEqualTo(Outcome.DONE);
        assertThat(outcome(join(2, 4, 32))).isEqualTo(Outcome.FENCED);
        assertThat(outcome(join(3, 5, 31))).isEqualTo(Outcome.INVALID);
        signaling.breakStream();
        long brokenNanos = System.nanoTime();
        var again = hello();
        assertThat(Duration.ofNanos(System.nanoTime() - brokenNanos)).isLessThan(Duration.ofSeconds(2));
        assertThat(again.getProcessId()).isEqualTo(process);
        assertThat(again.getRoomsList()).hasSize(1);
        assertThat(again.getRooms(0).getGuildId()).isEqualTo(GUILD);
        assertThat(again.getRooms(0).getEpoch()).isEqualTo(5);
        assertThat(again.getRooms(0).getUserIdsList()).containsExactly(USER);
        var left = MediaOrder.newBuilder()
                .setOrderId(1)
                .setLeave(LeaveRoom.newBuilder().setChannelId(ROOM).setEpoch(5).setUserId(USER))
                .build();
        assertThat(outcome(left)).isEqualTo(Outcome.DONE);
        assertThat(outcome(left)).isEqualTo(Outcome.ABSENT);
    }

    @Test
    void asksToBeDrainedWhenItStops() throws Exception {
        hello();
        signaling.ping(1);
        signaling.next(MessageCase.PULSE);
        server.close();
        var load = signaling.next(MessageCase.LOAD).getLoad();
        while (!load.getDraining()) {
            load = signaling.next(MessageCase.LOAD).getLoad();
        }
    }

    private MediaHello hello() throws InterruptedException {
        return signaling.next(MessageCase.HELLO).getHello();
    }

    private Outcome outcome(MediaOrder order) throws InterruptedException {
        signaling.order(order);
        var result = signaling.next(MessageCase.RESULT).getResult();
        assertThat(result.getOrderId()).isEqualTo(order.getOrderId());
        return result.getOutcome();
    }

    private static MediaOrder join(long id, long epoch, int keyBytes) {
        return MediaOrder.newBuilder()
                .setOrderId(id)
                .setJoin(JoinRoom.newBuilder()
                        .setGuildId(GUILD)
                        .setChannelId(ROOM)
                        .setEpoch(epoch)
                        .setUserId(USER)
                        .setMode(MediaMode.AEAD_AES256_GCM_RTPSIZE)
                        .setKey(ByteString.copyFrom(new byte[keyBytes]))
                        .setSoundPayloadType(120)
                        .addStreams(MediaStreamRef.newBuilder().setSsrc(77).setKind(MediaStreamRef.Kind.VOICE)))
                .build();
    }
}
