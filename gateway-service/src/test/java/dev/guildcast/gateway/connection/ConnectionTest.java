package dev.guildcast.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.gateway.codec.Frame;
import dev.guildcast.gateway.codec.FrameCompressor;
import dev.guildcast.gateway.codec.JsonPayloadCodec;
import dev.guildcast.gateway.command.CommandRouter;
import dev.guildcast.gateway.command.PresenceSanitizer;
import dev.guildcast.gateway.limit.FixedWindowLimiter;
import dev.guildcast.gateway.link.SessionHandle;
import dev.guildcast.gateway.link.SharedDispatch;
import dev.guildcast.gateway.loop.Loop;
import dev.guildcast.gateway.protocol.CloseCode;
import dev.guildcast.gateway.protocol.Opcode;
import dev.guildcast.gateway.protocol.Payload;
import dev.guildcast.gateway.token.Identity;
import dev.guildcast.link.v1.Command;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ConnectionTest {
    private static final Identity BOT = new Identity(9, new byte[0], true, 9, 0);
    private static final Identity USER = new Identity(9, new byte[0], false, 0, 0);

    private final AtomicLong nanos = new AtomicLong();
    private final StalledSocket socket = new StalledSocket();
    private final List<CloseCode> closes = socket.closes;
    private final FakeSessionHandle session = new FakeSessionHandle();
    private final ConnectionMetrics metrics = new ConnectionMetrics(new SimpleMeterRegistry(), () -> 0);
    private final List<String> voiceUpdates = new ArrayList<>();
    private final CommandRouter router = new CommandRouter(
            new PresenceSanitizer(() -> 0),
            (userId, bot, sessionId, update) -> voiceUpdates.add(sessionId + ":" + update.channelId()),
            metrics);
    private final Connection connection = new Connection(
            socket,
            new Connection.Parameters(10, "json", false, "ws://gw"),
            new ConnectionCodec(new JsonPayloadCodec(), FrameCompressor.NONE),
            new ConnectionLimits(
                    new SlowConsumerPolicy(1000, 1000),
                    new FixedWindowLimiter(120, 60, 0),
                    new FixedWindowLimiter(120, 60, 0),
                    new FixedWindowLimiter(1, 60, 0)),
            metrics,
            nanos::get);

    @Test
    void anOp7FirstAfterAResumeIsPrecededByAnOp1() {
        connection.beginAuthentication(true);
        connection.beginAttach(BOT, session, 5, "");
        connection.requestReconnect();
        assertThat(ops()).containsExactly("1 s=5", "7 s=null");
        connection.requestReconnect();
        assertThat(ops()).containsExactly("7 s=null");
    }

    @Test
    void noOp7EverAnswersAnIdentify() {
        connection.beginAuthentication(false);
        connection.beginAttach(BOT, session, 0, "web");
        connection.requestReconnect();
        assertThat(ops()).isEmpty();
        assertThat(closes).containsExactly(CloseCode.UNKNOWN_ERROR);
        assertThat(session.detached).containsExactly(false);
    }

    @Test
    void aLiveClientGetsAnOp7WithoutAnOp1() {
        connection.beginAuthentication(true);
        connection.beginAttach(BOT, session, 5, "");
        connection.dispatchUnsequenced("RESUMED", 5, new byte[] {'{', '}'});
        connection.markLive();
        socket.discardQueued();
        connection.requestReconnect();
        assertThat(ops()).containsExactly("7 s=null");
    }

    @Test
    void theHeartbeatRequestCarriesTheLastSequence() {
        connection.beginAuthentication(false);
        connection.beginAttach(BOT, session, 0, "web");
        connection.dispatch(new SharedDispatch("READY", new byte[] {'1'}, 0), 1);
        socket.discardQueued();
        connection.requestHeartbeat();
        assertThat(ops()).containsExactly("1 s=1");
    }

    @Test
    void aResumeWithoutAVerifiedTokenDoesNotExtendTheTimeToAuthenticate() {
        nanos.set(50);
        connection.beginAuthentication(true);
        connection.invalidateSession();
        assertThat(connection.unauthenticatedSinceNanos()).isZero();
        connection.beginAuthentication(true);
        connection.onTokenVerified(java.util.Optional.empty());
        connection.invalidateSession();
        assertThat(connection.unauthenticatedSinceNanos()).isEqualTo(50);
        nanos.set(60);
        connection.beginAuthentication(true);
        connection.invalidateSession();
        assertThat(connection.unauthenticatedSinceNanos()).isEqualTo(50);
    }

    @Test
    void theConnectionOutlivesItsTokenByNothing() {
        connection.beginAuthentication(false);
        connection.onTokenVerified(java.util.Optional.of(java.time.Duration.ofNanos(100)));
        assertThat(connection.isTokenExpired(nanos.get() + 100)).isFalse();
        assertThat(connection.isTokenExpired(nanos.get() + 101)).isTrue();
        connection.onTokenVerified(java.util.Optional.empty());
        assertThat(connection.isTokenExpired(nanos.get() + 101)).isFalse();
    }

    @Test
    void aCloseForAnExpiredTokenEndsTheSession() {
        live(BOT);
        connection.close(CloseCode.AUTHENTICATION_FAILED);
        assertThat(session.detached).containsExactly(true);
    }

    @Test
    void sendsNothingAfterAClose() {
        connection.close(CloseCode.UNKNOWN_OPCODE);
        connection.send(Opcode.HELLO, "{}");
        connection.close(CloseCode.DECODE_ERROR);
        connection.onClientDisconnected(1000);
        assertThat(socket.frames).isEmpty();
        assertThat(closes).containsExactly(CloseCode.UNKNOWN_OPCODE);
    }

    @Test
    void theEchoOfACloseDoesNotDetachAgain() {
        live(BOT);
        connection.close(CloseCode.UNKNOWN_OPCODE);
        assertThat(session.detached).containsExactly(true);
        // The client echoes the close frame, which has no further effect.
        connection.onClientDisconnected(4001);
        assertThat(session.detached).hasSize(1);
    }

    @Test
    void aSlowClientIsParkedAndThenClosed() {
        live(BOT);
        connection.dispatch(new SharedDispatch("BIG", new byte[2000], 0), 2);
        assertThat(session.parked).isEqualTo(1);
        assertThat(connection.isOverdue()).isFalse();
        nanos.set(1001);
        assertThat(connection.isOverdue()).isTrue();
        connection.closeIfOverdue();
        assertThat(closes).containsExactly(CloseCode.UNKNOWN_ERROR);
        assertThat(session.detached).containsExactly(false);
    }

    @Test
    void aSlowClientThatCatchesUpIsUnparked() {
        live(BOT);
        connection.dispatch(new SharedDispatch("BIG", new byte[2000], 0), 2);
        socket.discardQueued();
        connection.onFramesDequeued();
        assertThat(session.unparked).isEqualTo(1);
    }

    @Test
    void voiceUpdatesWaitUntilTheSessionIsLive() {
        connection.beginAuthentication(false);
        connection.beginAttach(BOT, session, 0, "web");
        var join = new Payload.VoiceStateUpdate(1, 2, false, false, false, "");
        router.onVoiceState(connection, BOT, session, join);
        assertThat(voiceUpdates).isEmpty();
        connection.markLive();
        connection.replayDeferred(it -> router.onVoiceState(connection, BOT, session, (Payload.VoiceStateUpdate) it));
        assertThat(voiceUpdates).containsExactly("sid:2");
    }

    @Test
    void onlyUsersMayNameSeveralGuildsInOneRequest() {
        live(BOT);
        var request =
                new Payload.RequestMembers(List.of(1L, 2L), Optional.of(""), 0, List.of(), false, Optional.empty());
        router.onRequestMembers(connection, BOT, session, request);
        assertThat(session.commands).isEmpty();
        router.onRequestMembers(connection, USER, session, request);
        assertThat(session.commands)
                .extracting(it -> it.getRequestMembers().getGuildId())
                .containsExactly(1L, 2L);
    }

    @Test
    void aPresenceOverTheLimitTakesNoCommandNumber() {
        live(BOT);
        var idle = new Payload.PresenceUpdate("idle", List.of(), 0, false);
        router.onPresence(connection, BOT, session, idle);
        router.onPresence(connection, BOT, session, idle);
        assertThat(session.commands).hasSize(1);
        assertThat(closes).isEmpty();
        nanos.set(60);
        router.onPresence(connection, BOT, session, idle);
        assertThat(session.commands).hasSize(2);
    }

    @Test
    void aClientWithTooManyPendingCommandsIsClosed() {
        live(BOT);
        session.full = true;
        router.onPresence(connection, BOT, session, new Payload.PresenceUpdate("idle", List.of(), 0, false));
        assertThat(closes).containsExactly(CloseCode.RATE_LIMITED);
    }

    private void live(Identity identity) {
        connection.beginAuthentication(false);
        connection.beginAttach(identity, session, 0, "web");
        connection.markLive();
    }

    private List<String> ops() {
        var ops = new ArrayList<String>();
        for (var frame : socket.frames) {
            var json = new tools.jackson.databind.json.JsonMapper()
                    .readTree(new String(frame.bytes(), StandardCharsets.UTF_8));
            ops.add(json.path("op").asInt() + " s=" + json.path("s"));
        }
        socket.discardQueued();
        return ops;
    }

    /// Its transport takes no frames, so that all of them are held.
    private static final class StalledSocket implements Socket {
        final List<Frame> frames = new ArrayList<>();
        final List<CloseCode> closes = new ArrayList<>();

        @Override
        public Loop loop() {
            return new Loop() {
                @Override
                public Timer schedule(Runnable task, Duration delay) {
                    return () -> {};
                }

                @Override
                public void execute(Runnable task) {
                    task.run();
                }
            };
        }

        @Override
        public void write(Frame frame) {
            frames.add(frame);
        }

        @Override
        public long heldBytes() {
            return frames.stream().mapToLong(Frame::length).sum();
        }

        @Override
        public void discardQueued() {
            frames.clear();
        }

        @Override
        public void close(CloseCode code) {
            closes.add(code);
        }
    }

    private static final class FakeSessionHandle implements SessionHandle {
        final List<Command> commands = new ArrayList<>();
        final List<Boolean> detached = new ArrayList<>();
        int parked;
        int unparked;
        boolean full;

        @Override
        public String sessionId() {
            return "sid";
        }

        @Override
        public boolean sendCommand(Command.Builder command) {
            if (!full) {
                commands.add(command.build());
            }
            return !full;
        }

        @Override
        public void detach(boolean end) {
            detached.add(end);
        }

        @Override
        public void park() {
            parked++;
        }

        @Override
        public void unpark() {
            unparked++;
        }
    }
}
