package dev.guildcast.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.gateway.codec.Frame;
import dev.guildcast.gateway.codec.FrameCompressor;
import dev.guildcast.gateway.codec.JsonPayloadCodec;
import dev.guildcast.gateway.limit.FixedWindowLimiter;
import dev.guildcast.gateway.loop.Loop;
import dev.guildcast.gateway.protocol.CloseCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionSessionListenerTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ConnectionMetrics metrics = new ConnectionMetrics(registry, () -> 0);
    private final RecordingSocket socket = new RecordingSocket();
    private final Connection connection = new Connection(
            socket,
            new Connection.Parameters(10, "json", false, "ws://gw"),
            new ConnectionCodec(new JsonPayloadCodec(), FrameCompressor.NONE),
            new ConnectionLimits(
                    new SlowConsumerPolicy(1000, 1000),
                    new FixedWindowLimiter(120, 60, 0),
                    new FixedWindowLimiter(120, 60, 0),
                    new FixedWindowLimiter(5, 60, 0)),
            metrics,
            () -> 0);
    private final ConnectionSessionListener listener = new ConnectionSessionListener(connection, metrics, () -> {});

    @ParameterizedTest
    @CsvSource({
        "4000, 4000, session_host",
        "4007, 4007, invalid_sequence",
        "4011, 4011, sharding_required",
        "4006, 4000, unknown",
        "1, 4000, unknown"
    })
    void aRejectionByTheHostIsCountedWithItsReason(int hostCode, int code, String reason) {
        listener.onRefused(hostCode);
        assertThat(socket.closes).extracting(CloseCode::code).containsExactly(code);
        assertThat(closes()).containsExactly(code + " " + reason);
    }

    @Test
    void aSupersededConnectionIsClosedWith4000() {
        listener.onSuperseded();
        assertThat(closes()).containsExactly("4000 superseded");
        assertThat(socket.closes).containsExactly(CloseCode.UNKNOWN_ERROR);
    }

    @Test
    void aConnectionWhoseSessionCannotBeReachedGetsOp7AndIsClosedLater() {
        connection.markLive();
        listener.onOwnerMissing();
        assertThat(socket.frames).containsExactly("{\"t\":null,\"s\":null,\"op\":7,\"d\":null}");
        assertThat(socket.closes).isEmpty();
        assertThat(socket.scheduled).hasSize(1);
        socket.scheduled.getFirst().run();
        assertThat(socket.closes)
                .as("its heartbeats are not acknowledged for ever")
                .containsExactly(CloseCode.GOING_AWAY);
    }

    @Test
    void aConnectionWhoseHandlingHasThrownIsClosedWith4000() {
        connection.markLive();
        listener.onFailed();
        assertThat(closes()).containsExactly("4000 failure");
        assertThat(socket.closes).containsExactly(CloseCode.UNKNOWN_ERROR);
    }

    @Test
    void aResumeWithoutAnAnswerIsClosedWith4000() {
        connection.beginAuthentication(true);
        listener.onUnanswered();
        assertThat(closes()).containsExactly("4000 unanswered");
    }

    @Test
    void anIdentifyWithoutAnAnswerGetsOp9() {
        connection.beginAuthentication(false);
        listener.onUnanswered();
        assertThat(socket.frames).containsExactly("{\"t\":null,\"s\":null,\"op\":9,\"d\":false}");
        assertThat(closes()).isEmpty();
    }

    @Test
    void aSessionThatHasEndedGetsOp9AndNoClose() {
        connection.beginAuthentication(false);
        listener.onInvalid();
        assertThat(socket.frames).containsExactly("{\"t\":null,\"s\":null,\"op\":9,\"d\":false}");
        assertThat(connection.state()).isEqualTo(ConnectionState.CONNECTED);
        assertThat(socket.closes).isEmpty();
    }

    @Test
    void aConnectionIsCountedOnceWhenItIsClosedTwice() {
        connection.close(UnknownErrorReason.HEARTBEAT);
        connection.close(UnknownErrorReason.SLOW_CONSUMER);
        connection.close(CloseCode.GOING_AWAY);
        assertThat(closes()).containsExactly("4000 heartbeat");
    }

    @Test
    void a4000WithoutAReasonIsUnknown() {
        connection.close(CloseCode.UNKNOWN_ERROR);
        assertThat(closes()).containsExactly("4000 unknown");
    }

    /// Code and reason of each close that was counted.
    private List<String> closes() {
        return registry.find("guildcast.gateway.closes").counters().stream()
                .filter(counter -> counter.count() > 0)
                .map(ConnectionSessionListenerTest::tags)
                .collect(Collectors.toList());
    }

    private static String tags(Counter counter) {
        assertThat(counter.count()).isEqualTo(1);
        return counter.getId().getTag("code") + " " + counter.getId().getTag("reason");
    }

    private static final class RecordingSocket implements Socket {
        final List<String> frames = new ArrayList<>();
        final List<CloseCode> closes = new ArrayList<>();
        final List<Runnable> scheduled = new ArrayList<>();
        private final Loop loop = new Loop() {
            @Override
            public Timer schedule(Runnable task, Duration delay) {
                scheduled.add(task);
                return () -> scheduled.remove(task);
            }

            @Override
            public void execute(Runnable task) {
                task.run();
            }
        };

        @Override
        public Loop loop() {
            return loop;
        }

        @Override
        public void write(Frame frame) {
            frames.add(new String(frame.bytes(), java.nio.charset.StandardCharsets.UTF_8));
        }

        @Override
        public long heldBytes() {
            return 0;
        }

        @Override
        public void discardQueued() {
            // Every frame was taken.
        }

        @Override
        public void close(CloseCode code) {
            closes.add(code);
        }
    }
}
