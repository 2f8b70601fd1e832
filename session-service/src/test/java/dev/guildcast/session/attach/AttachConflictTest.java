package dev.guildcast.session.attach;

import static dev.guildcast.session.testing.TestRecords.open;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.SessionId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Which connection holds a session when several request it, and which host decides that.
class AttachConflictTest extends TwoGateways {
    @Test
    void theLastAttachWins() {
        var id = opened(10, ALICE, 0);
        other.attach(2, id, ALICE, 20, 1).attach(3, id, ALICE, 30, 1).run();
        assertThat(gateway.stream.take()).containsExactly("1:superseded");
        assertThat(other.stream.take()).containsExactly("2:attached", "2:superseded", "3:attached", "3:done");
        assertThat(host.session(10).attachId()).isEqualTo(30);
        other.reattach(2, id, ALICE, 20, 1, true).run();
        assertThat(other.stream.take()).containsExactly("2:superseded");
    }

    @Test
    void aFinishedConnectionRetriesWhileAnotherAttachIsInFlight() {
        var id = opened(10, ALICE, 0);
        other.attach(2, id, ALICE, 20, 1);
        gateway.reattach(1, id, ALICE, 10, 1, true);
        host.shard.runAction();
        host.shard.runAction();
        assertThat(gateway.stream.take()).containsExactly("1:superseded", "1:retry");
        host.shard.run();
        gateway.reattach(1, id, ALICE, 10, 1, true).run();
        assertThat(gateway.stream.take()).containsExactly("1:superseded");
    }

    @Test
    void afterAnOwnerChangeNoConnectionIsKnownToBeTheOnlyOne() {
        var id = opened(10, ALICE, 0);
        var next = new FrontendHarness(host.log, 78, 16_384);
        next.claim();
        host.shard.run();
        var gatewayOfNext = next.gateway();
        gatewayOfNext.attach(2, id, ALICE, 20, 999).run();
        assertThat(gatewayOfNext.stream.take()).containsExactly("2:refused 4007");
        gatewayOfNext.reattach(1, id, ALICE, 10, 1, true).run();
        assertThat(gatewayOfNext.stream.take()).containsExactly("1:attached");
    }

    @Test
    void aHostThatIsNotLiveDecidesNothing() {
        var id = opened(10, ALICE, 0);
        host.shard.setDisconnected(true);
        assertThat(gateway.stream.take()).containsExactly("moved");
        other.attach(2, id, ALICE, 20, 1).open(3, open(0, 11, BOB), 0).run();
        assertThat(other.stream.take()).containsExactly("moved [2]", "moved [3]");
        host.shard.setDisconnected(false);
        gateway.reattach(1, id, ALICE, 10, 1, true).run();
        assertThat(gateway.stream.take()).containsExactly("1:attached");
    }

    @Test
    void aConnectionAttachedDuringAnUnnoticedLossOfLivenessIsMovedAtTheNextTick() {
        gateway.open(1, 10, 100);
        gateway.stream.take();
        host.shard.disconnectUnnoticed();
        host.advance(Duration.ofMillis(100));
        assertThat(gateway.stream.take()).containsExactly("moved");
        host.advance(Duration.ofMillis(200));
        assertThat(gateway.stream.take()).as("once is enough").isEmpty();
    }

    @Test
    void aPendingAttachIsAnsweredByMovedWhenTheShardStops() {
        other.attach(2, new SessionId(0, 4_000, 1), ALICE, 20, 1).open(3, open(0, 11, BOB), 0);
        host.shard.runAction();
        host.shard.runAction();
        host.shard.stop();
        assertThat(other.stream.take()).containsExactly("moved");
        other.attach(4, new SessionId(0, 4_000, 1), ALICE, 21, 1);
        assertThat(other.stream.take()).containsExactly("moved [0]");
    }
}
