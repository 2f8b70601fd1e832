package dev.guildcast.shard.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.shard.v1.Claim;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClaimStateTest {
    private static final long OURS = 7;
    private static final long THEIRS = 8;

    private final ClaimState claimState = new ClaimState(OURS, "node-a");

    @Test
    void theFirstClaimOfAHigherEpochIsValidAndNoOther() {
        assertThat(claimState.onClaim(claim(3, THEIRS))).isTrue();
        assertThat(claimState.onClaim(claim(3, OURS))).isFalse();
        assertThat(claimState.onClaim(claim(2, OURS))).isFalse();
        assertThat(claimState.ownerNonce()).isEqualTo(THEIRS);
        assertThat(claimState.onClaim(claim(4, OURS))).isTrue();
        assertThat(claimState.isOurs()).isTrue();
        assertThat(claimState.epoch()).isEqualTo(4);
    }

    @Test
    void epochsAreUnsigned() {
        claimState.onClaim(claim(Long.MAX_VALUE, THEIRS));
        assertThat(claimState.onClaim(claim(Long.MIN_VALUE, OURS))).isTrue();
        assertThat(claimState.onClaim(claim(1, THEIRS))).isFalse();
    }

    @Test
    void claimsTheNextEpochOrTheRequestedOne() {
        claimState.onClaim(claim(3, THEIRS));
        assertThat(claimState.isRequested()).isFalse();
        claimState.request(0);
        assertThat(claimState.isRequested()).isTrue();
        assertThat(claimState.createClaim())
                .isEqualTo(Claim.newBuilder()
                        .setEpoch(4)
                        .setNonce(OURS)
                        .setNode("node-a")
                        .build());
        assertThat(claimState.isRequested()).isFalse();
        assertThat(claimState.isSent()).isTrue();
        claimState.request(9);
        assertThat(claimState.createClaim()).returns(9L, Claim::getEpoch);
    }

    @Test
    void createsNoClaimThatCouldNotBeValid() {
        claimState.onClaim(claim(3, THEIRS));
        claimState.request(3);
        assertThat(claimState.createClaim()).isNull();
        assertThat(claimState.rejectionReason())
                .isEqualTo("claim of epoch 3 refused (expected: above the log's epoch 3)");
        assertThat(claimState.isSent()).isFalse();
    }

    @Test
    void aClaimInFlightIsLostToAnEarlierOneOfTheSameEpoch() {
        claimState.request(5);
        assertThat(claimState.isLostTo(claim(6, THEIRS)))
                .as("no claim is in flight")
                .isFalse();
        claimState.createClaim();
        assertThat(claimState.isLostTo(claim(4, THEIRS))).isFalse();
        assertThat(claimState.isLostTo(claim(5, THEIRS))).isTrue();
        assertThat(claimState.isLostTo(claim(5, OURS)))
                .as("ours was read and was not valid")
                .isTrue();
    }

    @Test
    void aCheckpointKeepsEpochAndOwner() {
        Map<String, byte @Nullable []> entities = new HashMap<>();
        claimState.drainDirty(entities);
        assertThat(entities).isEmpty();
        claimState.onClaim(claim(3, THEIRS));
        claimState.drainDirty(entities);
        var restored = new ClaimState(OURS, "node-b");
        entities.forEach(
                (key, value) -> assertThat(restored.restore(key, value)).isTrue());
        assertThat(restored.epoch()).isEqualTo(3);
        assertThat(restored.ownerNonce()).isEqualTo(THEIRS);
        assertThat(restored.restore("guild/1", new byte[0])).isFalse();
    }

    private static Claim claim(long epoch, long nonce) {
        return Claim.newBuilder().setEpoch(epoch).setNonce(nonce).build();
    }
}
