package dev.guildcast.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.gateway.codec.FrameCompressor;
import dev.guildcast.gateway.codec.JsonPayloadCodec;
import dev.guildcast.gateway.command.CommandRouter;
import dev.guildcast.gateway.command.FixedWindow;
import dev.guildcast.gateway.command.PresenceCleaner;
import dev.guildcast.gateway.link.LinkedSession;
import dev.guildcast.gateway.link.SharedDispatch;
import dev.guildcast.gateway.outbound.OutboundQueue;
import dev.guildcast.gateway.outbound.SlowConsumerPolicy;
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
    private final OutboundQueue queue = new OutboundQueue();
    private final List<CloseCode> closes = new ArrayList<>();
    private final FakeLine line = new FakeLine();
    private final GatewayMetrics metrics = new GatewayMetrics(new SimpleMeterRegistry(), () -> 0);
    private final List<String> voice = new ArrayList<>();
    private final CommandRouter router = new CommandRouter(
            new PresenceCleaner(() -> 0),
            (userId, bot, sessionId, update) -> voice.add(sessionId + ":" + update.channelId()),
            metrics,
            nanos::get);
    private final Connection connection = new Connection(
            new Loop() {
                @Override
                public Timer schedule(Runnable task, Duration delay) {
                    return () -> {};
                }

                @Override
                public void execute(Runnable task) {
                    task.run();
                }
            },
            new Socket() {
                @Override
                public void flush() {
                    // Nothing is taken: frames stay where the test sees them.
                }

                @Override
                public void close(CloseCode code) {
                    closes.add(code);
                }
            },
            new Connection.Terms(10, "json", false, "ws://gw"),
            new JsonPayloadCodec(),
            FrameCompressor.NONE,
            queue,
            new SlowConsumerPolicy(1000, 1000),
            new FixedWindow(120, 60, 0),
            new FixedWindow(1, 60, 0),
            metrics,
            nanos::get);

    @Test
    void anOp7ThatWouldBeFirstAfterAResumeIsLedInByAnOp1() {
        connection.authenticating(true);
        connection.attaching(BOT, line, 5, "");
        connection.askToReconnect();
        assertThat(ops()).containsExactly("1 s=5", "7 s=null");
        connection.askToReconnect();
        assertThat(ops()).containsExactly("7 s=null");
    }

    @Test
    void noOp7EverAnswersAnIdentify() {
        connection.authenticating(false);
        connection.attaching(BOT, line, 0, "web");
        connection.askToReconnect();
        assertThat(ops()).isEmpty();
        assertThat(closes).containsExactly(CloseCode.UNKNOWN_ERROR);
        assertThat(line.detached).containsExactly(false);
    }

    @Test
    void aLiveClientIsAskedToComeAgainWithoutAWordBefore() {
        connection.authenticating(true);
        connection.attaching(BOT, line, 5, "");
        connection.dispatchUnnumbered("RESUMED", 5, new byte[] {'{', '}'});
        connection.live();
        queue.clear();
        connection.askToReconnect();
        assertThat(ops()).containsExactly("7 s=null");
    }

    @Test
    void theRequestForABeatCarriesTheLastSequence() {
        connection.authenticating(false);
        connection.attaching(BOT, line, 0, "web");
        connection.dispatch(new SharedDispatch("READY", new byte[] {'1'}, 0), 1);
        queue.clear();
        connection.requestBeat();
        assertThat(ops()).containsExactly("1 s=1");
    }

    @Test
    void nothingLeavesAfterAClose() {
        connection.close(CloseCode.UNKNOWN_OPCODE);
        connection.send(Opcode.HELLO, "{}");
        connection.close(CloseCode.DECODE_ERROR);
        connection.onClientGone(1000);
        assertThat(queue.isEmpty()).isTrue();
        assertThat(closes).containsExactly(CloseCode.UNKNOWN_OPCODE);
    }

    @Test
    void whatEndsTheSessionAndWhatDoesNot() {
        live(BOT);
        connection.close(CloseCode.UNKNOWN_OPCODE);
        assertThat(line.detached).containsExactly(true);
        // The client's echo of that close says nothing new.
        connection.onClientGone(4001);
        assertThat(line.detached).hasSize(1);
    }

    @Test
    void aSlowClientIsParkedAndThenCut() {
        live(BOT);
        connection.dispatch(new SharedDispatch("BIG", new byte[2000], 0), 2);
        assertThat(line.parked).isEqualTo(1);
        assertThat(connection.isOverdue()).isFalse();
        nanos.set(1001);
        assertThat(connection.isOverdue()).isTrue();
        connection.closeIfOverdue();
        assertThat(closes).containsExactly(CloseCode.UNKNOWN_ERROR);
        assertThat(line.detached).containsExactly(false);
    }

    @Test
    void aSlowClientThatCatchesUpIsPushedToAgain() {
        live(BOT);
        connection.dispatch(new SharedDispatch("BIG", new byte[2000], 0), 2);
        queue.clear();
        connection.onTaken();
        assertThat(line.unparked).isEqualTo(1);
    }

    @Test
    void voiceWaitsUntilTheSessionIsThere() {
        connection.authenticating(false);
        connection.attaching(BOT, line, 0, "web");
        var join = new Payload.VoiceStateUpdate(1, 2, false, false, false, "");
        router.onVoiceState(connection, BOT, line, join);
        assertThat(voice).isEmpty();
        connection.live();
        connection.replayDeferred(it -> router.onVoiceState(connection, BOT, line, (Payload.VoiceStateUpdate) it));
        assertThat(voice).containsExactly("sid:2");
    }

    @Test
    void onlyUsersMayNameSeveralGuildsInOneRequest() {
        live(BOT);
        var request =
                new Payload.RequestMembers(List.of(1L, 2L), Optional.of(""), 0, List.of(), false, Optional.empty());
        router.onRequestMembers(connection, BOT, line, request);
        assertThat(line.commands).isEmpty();
        router.onRequestMembers(connection, USER, line, request);
        assertThat(line.commands)
                .extracting(it -> it.getRequestMembers().getGuildId())
                .containsExactly(1L, 2L);
    }

    @Test
    void aPresenceOverTheLimitIsDroppedBeforeItIsNumbered() {
        live(BOT);
        var idle = new Payload.PresenceUpdate("idle", List.of(), 0, false);
        router.onPresence(connection, BOT, line, idle);
        router.onPresence(connection, BOT, line, idle);
        assertThat(line.commands).hasSize(1);
        assertThat(closes).isEmpty();
        nanos.set(60);
        router.onPresence(connection, BOT, line, idle);
        assertThat(line.commands).hasSize(2);
    }

    @Test
    void aClientWhoseCommandsCannotBeHeldIsClosed() {
        live(BOT);
        line.full = true;
        router.onPresence(connection, BOT, line, new Payload.PresenceUpdate("idle", List.of(), 0, false));
        assertThat(closes).containsExactly(CloseCode.RATE_LIMITED);
    }

    private void live(Identity who) {
        connection.authenticating(false);
        connection.attaching(who, line, 0, "web");
        connection.live();
    }

    private List<String> ops() {
        var ops = new ArrayList<String>();
        Frame frame;
        while ((frame = queue.poll()) != null) {
            var json = new tools.jackson.databind.json.JsonMapper()
                    .readTree(new String(frame.bytes(), StandardCharsets.UTF_8));
            ops.add(json.path("op").asInt() + " s=" + json.path("s"));
        }
        return ops;
    }

    private static final class FakeLine implements LinkedSession {
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
        public boolean command(Command.Builder command) {
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
