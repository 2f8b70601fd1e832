package dev.guildcast.gateway.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.delivery.v1.Open;
import dev.guildcast.delivery.v1.Presence;
import dev.guildcast.link.v1.Command;
import dev.guildcast.link.v1.GatewayMessage;
import dev.guildcast.link.v1.GatewayMessage.MessageCase;
import dev.guildcast.shard.ShardMapView.ShardOwner;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class SessionLineTest {
    private static final Duration TEN = Duration.ofSeconds(10);

    private final ManualLoop loop = new ManualLoop();
    private final World world = new World();
    private final Heard heard = new Heard();
    private final FakeHost a = world.host("a:1");
    private final FakeHost b = world.host("b:1");

    @Test
    void forwardsEachSequenceOnceWhoeverSendsIt() {
        var line = attachedResume(5);
        line.onDispatch(a, dispatch("X"), 6);
        line.onDispatch(a, dispatch("X"), 6);
        line.onDispatch(b, dispatch("Y"), 7);
        line.onDispatch(a, dispatch("Y"), 7);
        line.onDispatch(a, dispatch("Z"), 8);
        assertThat(heard.events).containsExactly("X6", "Y7", "Z8");
    }

    @Test
    void asksAgainFromWhatItHasWhenSomethingIsMissing() {
        var line = finishedResume(5);
        line.onDispatch(a, dispatch("X"), 7);
        assertThat(heard.events).containsExactly("resumed5");
        assertThat(a.last().getMessageCase()).isEqualTo(MessageCase.REATTACH);
        assertThat(a.last().getReattach().getSequence()).isEqualTo(5);
        // What was on its way is still ahead: no second question.
        int asked = a.sent.size();
        line.onDispatch(a, dispatch("X"), 8);
        assertThat(a.sent).hasSize(asked);
        line.onAttached(a);
        line.onDispatch(a, dispatch("X"), 6);
        assertThat(heard.events).containsExactly("resumed5", "X6");
    }

    @Test
    void ignoresGapsOfAHostItIsNotAt() {
        var line = finishedResume(5);
        int asked = a.sent.size();
        line.onDispatch(b, dispatch("X"), 9);
        assertThat(a.sent).hasSize(asked);
        assertThat(b.sent).isEmpty();
    }

    @Test
    void saysResumedOnceWhateverComesTwice() {
        var line = attachedResume(5);
        line.onDispatch(a, dispatch("X"), 6);
        line.onReplayDone(6);
        line.onReplayDone(6);
        world.own("b:1", 2);
        line.onMapChange();
        line.onAttached(b);
        line.onReplayDone(6);
        assertThat(heard.events).containsExactly("X6", "resumed6");
    }

    @Test
    void doesNotSayResumedWhileItLacksADispatchOfTheReplay() {
        var line = attachedResume(5);
        line.park();
        line.onDispatch(a, dispatch("X"), 6);
        line.onReplayDone(6);
        assertThat(heard.events).isEmpty();
        line.unpark();
        assertThat(a.last().getMessageCase()).isEqualTo(MessageCase.ATTACH);
        line.onAttached(a);
        line.onDispatch(a, dispatch("X"), 6);
        line.onReplayDone(6);
        assertThat(heard.events).containsExactly("X6", "resumed6");
    }

    @Test
    void anUnfinishedResumeIsPutToTheNextOwnerUnderItsAttachId() {
        var line = attachedResume(5);
        line.onDispatch(a, dispatch("X"), 6);
        var first = a.sent.getFirst().getAttach();
        world.own("b:1", 2);
        line.onMapChange();
        assertThat(b.last().getMessageCase()).isEqualTo(MessageCase.ATTACH);
        assertThat(b.last().getAttach().getAttachId()).isEqualTo(first.getAttachId());
        assertThat(b.last().getAttach().getSequence()).isEqualTo(6);
    }

    @Test
    void aFinishedLineReattachesWithItsLastSequence() {
        var line = finishedResume(5);
        world.own("b:1", 2);
        line.onMapChange();
        var reattach = b.last().getReattach();
        assertThat(reattach.getFinished()).isTrue();
        assertThat(reattach.getSequence()).isEqualTo(5);
        assertThat(reattach.getAttachId())
                .isEqualTo(a.sent.getFirst().getAttach().getAttachId());
    }

    @Test
    void anIdentifyIsRepeatedUnderItsRequestUntilReadyIsOut() {
        var line = identify();
        line.onHostDown(a);
        world.own("b:1", 2);
        line.onMapChange();
        assertThat(b.last().getOpen().getOpen().getRequest())
                .isEqualTo(a.sent.getFirst().getOpen().getOpen().getRequest());
        line.onOpened(b, "sid");
        line.onDispatch(b, dispatch("READY"), 1);
        assertThat(heard.events).containsExactly("READY1", "ready");
        world.own("a:1", 3);
        line.onMapChange();
        assertThat(a.last().getMessageCase()).isEqualTo(MessageCase.REATTACH);
    }

    @Test
    void staysWithAHostWhoseEpochIsHigherThanTheMaps() {
        world.own("a:1", 5);
        var line = attachedResume(5);
        world.own("b:1", 4);
        line.onMapChange();
        assertThat(b.sent).isEmpty();
    }

    @Test
    void believesNoRefusalOfAHostThatItHasLeft() {
        var line = finishedResume(5);
        world.own("b:1", 2);
        line.onMapChange();
        line.onInvalid(a);
        line.onSuperseded(a);
        line.onRefused(a, 4007);
        assertThat(heard.events).containsExactly("resumed5");
        line.onInvalid(b);
        assertThat(heard.events).containsExactly("resumed5", "invalid");
    }

    @Test
    void believesNoRefusalWhileItSeeks() {
        var line = finishedResume(5);
        line.onMoved(a);
        line.onInvalid(a);
        assertThat(heard.events).containsExactly("resumed5");
    }

    @Test
    void saysNothingAfterTheSessionHasEnded() {
        var line = finishedResume(5);
        line.onSuperseded(a);
        line.onDispatch(a, dispatch("X"), 6);
        line.onReplayDone(5);
        line.onInvalid(a);
        loop.pass(TEN.multipliedBy(3));
        assertThat(heard.events).containsExactly("resumed5", "superseded");
        assertThat(world.forgotten).containsExactly(1L);
    }

    @Test
    void asksAgainInAMomentWhenTheHostCannotSay() {
        var line = resume(5);
        for (int i = 2; i < 6; i++) {
            line.onRetry(a);
            int asked = a.sent.size();
            loop.pass(Duration.ofSeconds(2));
            assertThat(a.sent.size()).isGreaterThan(asked);
        }
    }

    @Test
    void looksAtTheMapWhenTheHostSaysThatItIsNotLive() {
        var line = finishedResume(5);
        world.own("b:1", 2);
        line.onMoved(a);
        assertThat(b.last().getMessageCase()).isEqualTo(MessageCase.REATTACH);
    }

    @Test
    void returnsToTheSameHostWhenItsStreamIsUpAgain() {
        var line = finishedResume(5);
        a.up = false;
        line.onHostDown(a);
        int asked = a.sent.size();
        loop.pass(Duration.ofSeconds(5));
        assertThat(a.sent).hasSize(asked);
        a.up = true;
        line.onHostUp(a);
        assertThat(a.last().getMessageCase()).isEqualTo(MessageCase.REATTACH);
    }

    @Test
    void sendsALiveClientElsewhereWhenNoOwnerIsFoundInTime() {
        var line = finishedResume(5);
        world.disown();
        a.up = false;
        line.onHostDown(a);
        loop.pass(TEN.minusSeconds(1));
        assertThat(heard.events).containsExactly("resumed5");
        loop.pass(Duration.ofSeconds(5));
        assertThat(heard.events).containsExactly("resumed5", "ownerMissing");
        loop.pass(Duration.ofMinutes(5));
        assertThat(heard.events).containsExactly("resumed5", "ownerMissing");
    }

    @Test
    void givesAQuestionUpWhenNobodyAnswersInTime() {
        world.disown();
        resume(5);
        loop.pass(TEN.minusMillis(1));
        assertThat(heard.events).isEmpty();
        loop.pass(Duration.ofMillis(2));
        assertThat(heard.events).containsExactly("unanswered");
        assertThat(loop.timers()).isZero();
    }

    @Test
    void wakesWhenAnOwnerAppears() {
        world.disown();
        var line = resume(5);
        loop.pass(Duration.ofSeconds(5));
        world.own("b:1", 1);
        line.onMapChange();
        assertThat(b.last().getMessageCase()).isEqualTo(MessageCase.ATTACH);
    }

    @Test
    void anAttachedLineHasNoTimer() {
        finishedResume(5);
        assertThat(loop.timers()).isZero();
    }

    @Test
    void holdsCommandsUntilTheSessionIsLiveAndRepeatsTheUnacknowledged() {
        var line = attachedResume(5);
        assertThat(line.command(presence())).isTrue();
        assertThat(line.command(presence())).isTrue();
        assertThat(a.commands()).isEmpty();
        line.onReplayDone(5);
        assertThat(a.commands()).containsExactly(1L, 2L);
        line.onAck(1);
        line.command(presence());
        assertThat(a.commands()).containsExactly(1L, 2L, 3L);
        world.own("b:1", 2);
        line.onMapChange();
        assertThat(b.commands()).isEmpty();
        line.onAttached(b);
        assertThat(b.commands()).containsExactly(2L, 3L);
    }

    @Test
    void givesCommandsTheSessionIdThatTheyWereTooEarlyFor() {
        var line = identify();
        line.command(presence());
        line.onOpened(a, "sid");
        line.onDispatch(a, dispatch("READY"), 1);
        assertThat(a.last().getCommand().getSessionId()).isEqualTo("sid");
    }

    @Test
    void refusesMoreCommandsThanItMayHold() {
        var line = attachedResume(5);
        for (int i = 0; i < 4; i++) {
            assertThat(line.command(presence())).isTrue();
        }
        assertThat(line.command(presence())).isFalse();
        line.onReplayDone(5);
        line.onAck(4);
        assertThat(line.command(presence())).isTrue();
    }

    @Test
    void forgetsWhatComesWhileParkedAndGoesOnFromItsLast() {
        var line = finishedResume(5);
        line.park();
        assertThat(a.last().getMessageCase()).isEqualTo(MessageCase.PARK);
        line.onDispatch(a, dispatch("X"), 6);
        line.onDispatch(a, dispatch("X"), 7);
        assertThat(heard.events).containsExactly("resumed5");
        line.unpark();
        assertThat(a.last().getReattach().getSequence()).isEqualTo(5);
        line.onDispatch(a, dispatch("X"), 8);
        line.onAttached(a);
        line.onDispatch(a, dispatch("X"), 6);
        assertThat(heard.events).containsExactly("resumed5", "X6");
    }

    @Test
    void tellsItsHostThatTheConnectionIsGone() {
        var line = finishedResume(5);
        line.detach(true);
        assertThat(a.last().getDetach().getEnd()).isTrue();
        assertThat(a.last().getDetach().getAttachId())
                .isEqualTo(a.sent.getFirst().getAttach().getAttachId());
        assertThat(world.forgotten).containsExactly(1L);
    }

    @Test
    void holdsOnUntilSomebodyCanBeToldThatTheSessionEnds() {
        var line = finishedResume(5);
        a.up = false;
        line.onHostDown(a);
        line.detach(true);
        world.own("b:1", 2);
        line.onMapChange();
        line.onAttached(b);
        assertThat(b.last().getDetach().getEnd()).isTrue();
        assertThat(heard.events).containsExactly("resumed5");
    }

    @Test
    void holdsOnToAnIdentifyWhoseClientHasGoneUntilItCanBeDetached() {
        var line = identify();
        line.detach(false);
        line.onOpened(a, "sid");
        line.onDispatch(a, dispatch("READY"), 1);
        assertThat(a.last().getDetach().getSessionId()).isEqualTo("sid");
        assertThat(a.last().getDetach().getEnd()).isFalse();
        assertThat(heard.events).isEmpty();
    }

    @Test
    void holdsOnNoLongerThanItWaitsForAnOwner() {
        world.disown();
        var line = identify();
        line.detach(true);
        loop.pass(TEN);
        assertThat(world.forgotten).containsExactly(1L);
        assertThat(heard.events).isEmpty();
    }

    // ---- fixture

    private SessionLine resume(int sequence) {
        var line = new SessionLine(1, 77, 9, 0, null, "sid", sequence, loop, world, heard, properties(), metrics());
        line.seek();
        return line;
    }

    private SessionLine attachedResume(int sequence) {
        var line = resume(sequence);
        line.onAttached(a);
        return line;
    }

    private SessionLine finishedResume(int sequence) {
        var line = attachedResume(sequence);
        line.onReplayDone(sequence);
        return line;
    }

    private SessionLine identify() {
        var open = Open.newBuilder().setRequest(5).setAttachId(77).setUserId(9).build();
        var line = new SessionLine(1, 77, 9, 0, open, "", 0, loop, world, heard, properties(), metrics());
        line.seek();
        return line;
    }

    private static LinkProperties properties() {
        return new LinkProperties(
                List.of(),
                DataSize.ofMegabytes(8),
                TEN,
                Duration.ofSeconds(3),
                Duration.ofMillis(50),
                Duration.ofSeconds(1),
                Duration.ofSeconds(3),
                10,
                4,
                Duration.ZERO);
    }

    private static LinkMetrics metrics() {
        return new LinkMetrics(new SimpleMeterRegistry());
    }

    private static SharedDispatch dispatch(String type) {
        return new SharedDispatch(type, new byte[0], 0);
    }

    private static Command.Builder presence() {
        return Command.newBuilder().setSetPresence(Presence.newBuilder().setStatus("idle"));
    }

    private static final class FakeHost implements Host {
        final String address;
        final List<GatewayMessage> sent = new ArrayList<>();
        boolean up = true;

        FakeHost(String address) {
            this.address = address;
        }

        @Override
        public String address() {
            return address;
        }

        @Override
        public boolean isUp() {
            return up;
        }

        @Override
        public boolean offer(GatewayMessage message) {
            if (up) {
                sent.add(message);
            }
            return up;
        }

        GatewayMessage last() {
            return sent.getLast();
        }

        List<Long> commands() {
            return sent.stream()
                    .filter(GatewayMessage::hasCommand)
                    .map(it -> it.getCommand().getNumber())
                    .toList();
        }
    }

    private static final class World implements Hosts {
        final Map<String, FakeHost> hosts = new HashMap<>();
        final List<Long> forgotten = new ArrayList<>();
        Optional<ShardOwner> owner = Optional.of(new ShardOwner("a", "a:1", 1));

        FakeHost host(String address) {
            return hosts.computeIfAbsent(address, FakeHost::new);
        }

        void own(String address, long epoch) {
            owner = Optional.of(new ShardOwner(address, address, epoch));
        }

        void disown() {
            owner = Optional.empty();
        }

        @Override
        public Optional<ShardOwner> owner(int sessionShard) {
            return owner;
        }

        @Override
        public Host at(String address) {
            return host(address);
        }

        @Override
        public void forget(long handle) {
            forgotten.add(handle);
        }
    }

    private static final class Heard implements SessionEvents {
        final List<String> events = new ArrayList<>();

        @Override
        public void dispatch(SharedDispatch dispatch, int sequence) {
            events.add(dispatch.type() + sequence);
        }

        @Override
        public void ready() {
            events.add("ready");
        }

        @Override
        public void resumed(int sequence) {
            events.add("resumed" + sequence);
        }

        @Override
        public void invalid() {
            events.add("invalid");
        }

        @Override
        public void superseded() {
            events.add("superseded");
        }

        @Override
        public void refused(int closeCode) {
            events.add("refused" + closeCode);
        }

        @Override
        public void unanswered() {
            events.add("unanswered");
        }

        @Override
        public void ownerMissing() {
            events.add("ownerMissing");
        }
    }
}
