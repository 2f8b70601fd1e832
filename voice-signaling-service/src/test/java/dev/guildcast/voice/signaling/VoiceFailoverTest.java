package dev.guildcast.voice.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.voice.protocol.VoiceCloseCode;
import dev.guildcast.voice.v1.HeldRoom;
import dev.guildcast.voice.v1.MediaOrder.OrderCase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What happens to calls when a voice server is killed, frozen, drained or returns.
class VoiceFailoverTest extends VoiceFixture {
    private static final String SERVER = "server A " + FakeRelay.GATEWAY;

    private FakeRelay first;
    private FakeRelay second;

    @BeforeEach
    void registerTwoRelays() {
        elapse(Duration.ofSeconds(7));
        first = new FakeRelay(voice.mediaServers(), "relay-1").register(1);
        join(A, SID, CHANNEL);
        second = new FakeRelay(voice.mediaServers(), "relay-2").register(2);
        published.clear();
    }

    @Test
    void movesACallOfAKilledServerWithoutANullEndpoint() {
        var a = identified();
        assertThat(first.of(OrderCase.JOIN)).hasSize(1);
        first.breakLink();
        pass(200);
        assertThat(published).isEmpty();
        pass(100);
        assertThat(published).containsExactly(SERVER);
        var again = identified();
        assertThat(again.ops()).startsWith(8, 2);
        assertThat(a.closed).isEqualTo(VoiceCloseCode.DISCONNECTED);
        assertThat(epochs(second))
                .hasSize(1)
                .allMatch(epoch -> epoch > epochs(first).getFirst());
    }

    @Test
    void takesAFrozenServerForDeadAfterTwoPings() {
        first.frozen = true;
        pass(750);
        assertThat(published).isEmpty();
        pass(500);
        assertThat(published).containsExactly(SERVER);
        assertThat(first.ended).contains("2 pings in a row");
    }

    @Test
    void movesNothingWhenAStreamIsReplacedInTime() {
        identified();
        first.breakLink();
        pass(200);
        var stream = new FakeRelay(voice.mediaServers(), "relay-1").register(1);
        pass(2000);
        assertThat(published).isEmpty();
        assertThat(voice.gateway().hasSocket(G1, A, SID)).isTrue();
        assertThat(stream.of(OrderCase.UPDATE)).hasSize(1);
    }

    @Test
    void movesTheCallsOfARestartedProcess() {
        identified();
        new FakeRelay(voice.mediaServers(), "relay-1").register(99);
        assertThat(published).containsExactly(SERVER);
    }

    @Test
    void closesTheRoomsOfAServerThatReturnsAfterItsGuildsHaveMoved() {
        identified();
        long epoch = epochs(first).getFirst();
        first.frozen = true;
        pass(1300);
        var returned = new FakeRelay(voice.mediaServers(), "relay-1")
                .register(
                        1,
                        HeldRoom.newBuilder()
                                .setGuildId(G1)
                                .setChannelId(CHANNEL)
                                .setEpoch(epoch)
                                .addUserIds(A)
                                .build());
        assertThat(returned.of(OrderCase.CLOSE).map(order -> order.getClose().getEpoch()))
                .containsExactly(epoch);
    }

    @Test
    void keepsTheRoomsOfAServerWhileSignalingRestarts() {
        identified();
        long epoch = epochs(first).getFirst();
        voice = start();
        var held = HeldRoom.newBuilder()
                .setGuildId(G1)
                .setChannelId(CHANNEL)
                .setEpoch(epoch)
                .addUserIds(A)
                .addUserIds(B)
                .build();
        var stream = new FakeRelay(voice.mediaServers(), "relay-1").register(1, held);
        assertThat(stream.kinds()).containsExactly(OrderCase.LEAVE);
        assertThat(stream.orders.getFirst().getLeave().getUserId()).isEqualTo(B);
    }

    @Test
    void queuesACallWithoutAServerUntilOneRegisters() {
        identified();
        second.breakLink();
        first.breakLink();
        pass(400);
        assertThat(published).containsExactly("server A gone");
        pass(8000);
        assertThat(published).hasSize(1);
        new FakeRelay(voice.mediaServers(), "relay-3").register(3);
        pass(1100);
        assertThat(published).containsExactly("server A gone", SERVER);
    }

    @Test
    void makesAClientBeginAgainThatDoesNotFollow() {
        var deaf = identified();
        first.breakLink();
        pass(4000);
        assertThat(deaf.closed).isNull();
        pass(2000);
        assertThat(deaf.closed).isEqualTo(VoiceCloseCode.SESSION_INVALID);
        assertThat(voice.gateway().hasSocket(G1, A, SID)).isFalse();
    }

    @Test
    void drainsAServerWhileItGoesOnServing() {
        var a = identified();
        first.load(0.1, true);
        assertThat(published).containsExactly(SERVER);
        assertThat(first.kinds()).containsExactly(OrderCase.JOIN);
        assertThat(a.closed).isNull();
        identified();
        assertThat(epochs(second)).hasSize(1);
        assertThat(first.kinds()).containsExactly(OrderCase.JOIN, OrderCase.LEAVE, OrderCase.CLOSE);
    }

    private FakeVoiceClient identified() {
        var client = new FakeVoiceClient(voice.gateway(), 8);
        client.identify(G1, A, SID, tokens.get(SID));
        return client;
    }

    private static List<Long> epochs(FakeRelay relay) {
        return relay.of(OrderCase.JOIN).map(order -> order.getJoin().getEpoch()).toList();
    }

    /// In steps of the loop's tick.
    private void pass(long millis) {
        for (long passed = 0; passed < millis; passed += 50) {
            clock.advance(Duration.ofMillis(50));
            voice.mediaServers().onTick();
            voice.serverMonitor().onTick();
            voice.gateway().onTick();
        }
    }
}
