package dev.guildcast.voiceserver.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.guildcast.voiceserver.control.MediaExecutor;
import dev.guildcast.voiceserver.crypto.EncryptionMode;
import dev.guildcast.voiceserver.relay.NativeClient;
import dev.guildcast.voiceserver.room.RoomOutcome;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

class MediaLoopTest {
    private final MediaServer server = new MediaServer("127.0.0.1").start();
    private final CountDownLatch frozen = new CountDownLatch(1);
    private final CountDownLatch thaw = new CountDownLatch(1);

    MediaLoopTest() throws IOException {}

    @AfterEach
    void close() throws IOException {
        thaw.countDown();
        server.close();
    }

    @Test
    void givesASignOfLifeByItself() throws Exception {
        long before = System.nanoTime();
        server.control.open(1, 1).join();
        var pulse = server.probe.ping().get(5, TimeUnit.SECONDS);
        assertThat(pulse.nanoTime()).isBetween(before, System.nanoTime());
        assertThat(pulse.rooms()).isEqualTo(1);
        assertThat(pulse.participants()).isZero();
        var health = new MediaLoopHealth(server.loop);
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(health.health().getStatus()).isEqualTo(Status.UP));
    }

    @Test
    void givesNoneWhileItIsFrozenAndIsFoundDown() throws Exception {
        freeze();
        var pulse = server.probe.ping();
        Assertions.assertThatThrownBy(() -> pulse.get(100, TimeUnit.MILLISECONDS))
                .isInstanceOf(TimeoutException.class);
        var health = new MediaLoopHealth(server.loop);
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(health.health().getStatus()).isEqualTo(Status.DOWN));
        thaw.countDown();
        assertThat(pulse.get(5, TimeUnit.SECONDS).rooms()).isZero();
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(health.health().getStatus()).isEqualTo(Status.UP));
    }

    @Test
    void refusesCommandsBeyondItsBoundAndStillAnswersAProbe() throws Exception {
        freeze();
        for (int i = 0; i < MediaServer.COMMANDS_MAX; i++) {
            assertThat(server.control.open(i, 1)).isNotDone();
        }
        assertThat(server.control.open(1, 1).join()).isEqualTo(RoomOutcome.BUSY);
        var joining = new NativeClient(1, EncryptionMode.AEAD_AES256_GCM_RTPSIZE).joining();
        assertThat(server.control.join(1, 1, joining).join()).isEqualTo(RoomOutcome.BUSY);
        assertThat(joining.key().isDestroyed()).isTrue();
        assertThat(server.loop.commandsWaiting()).isEqualTo(MediaServer.COMMANDS_MAX);
        var pulse = server.probe.ping();
        for (int i = 1; i < MediaLoop.PROBES_MAX; i++) {
            server.probe.ping();
        }
        assertThat(server.probe.ping()).isCompletedExceptionally();
        thaw.countDown();
        assertThat(pulse.get(5, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void executesCommandsInTheirOrder() throws Exception {
        server.control.open(1, 1);
        server.control.close(1, 1);
        server.control.open(1, 2);
        assertThat(server.control.close(1, 2).get(5, TimeUnit.SECONDS)).isEqualTo(RoomOutcome.DONE);
    }

    @Test
    void outlivesABugInAnOrder() throws Exception {
        server.loop.offer(new MediaExecutor.Task() {
            @Override
            public void run() {
                throw new IllegalStateException("made by the test");
            }

            @Override
            public void onClosed() {}
        });
        assertThat(server.control.open(1, 1).get(5, TimeUnit.SECONDS)).isEqualTo(RoomOutcome.DONE);
        assertThat(server.loop.failures()).isEqualTo(1);
    }

    @Test
    void answersEveryOrderWhenItIsClosed() throws Exception {
        freeze();
        var waiting = server.control.open(1, 1);
        var joining = new NativeClient(1, EncryptionMode.AEAD_AES256_GCM_RTPSIZE).joining();
        var join = server.control.join(1, 1, joining);
        var pulse = server.probe.ping();
        var closer = Thread.ofPlatform().start(() -> {
            try {
                server.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        // The order of thawing and closing does not matter: either way each gets an answer.
        thaw.countDown();
        assertThat(waiting.get(5, TimeUnit.SECONDS)).isIn(RoomOutcome.DONE, RoomOutcome.CLOSED);
        assertThat(join.get(5, TimeUnit.SECONDS)).isIn(RoomOutcome.DONE, RoomOutcome.CLOSED);
        assertThat(joining.key().isDestroyed()).isTrue();
        try {
            pulse.get(5, TimeUnit.SECONDS);
        } catch (ExecutionException ended) {
            assertThat(ended).hasCauseInstanceOf(IllegalStateException.class);
        }
        closer.join();
        assertThat(server.loop.isRunning()).isFalse();
        assertThat(server.control.open(1, 1).join()).isEqualTo(RoomOutcome.CLOSED);
        assertThat(server.probe.ping()).isCompletedExceptionally();
        assertThat(new MediaLoopHealth(server.loop).health().getStatus()).isEqualTo(Status.DOWN);
    }

    private void freeze() throws InterruptedException {
        server.loop.offer(new MediaExecutor.Task() {
            @Override
            public void run() {
                frozen.countDown();
                try {
                    thaw.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }

            @Override
            public void onClosed() {}
        });
        assertThat(frozen.await(5, TimeUnit.SECONDS)).isTrue();
    }
}
