package dev.guildcast.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.shard.v1.Claim;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TenureTest {
    private static final long OURS = 7;
    private static final long THEIRS = 8;

    private final Tenure tenure = new Tenure(OURS, "node-a");

    @Test
    void theFirstClaimOfAHigherEpochIsValidAndNoOther() {
        assertThat(tenure.onClaim(claim(3, THEIRS))).isTrue();
        assertThat(tenure.onClaim(claim(3, OURS))).isFalse();
        assertThat(tenure.onClaim(claim(2, OURS))).isFalse();
        assertThat(tenure.ownerNonce()).isEqualTo(THEIRS);
        assertThat(tenure.onClaim(claim(4, OURS))).isTrue();
        assertThat(tenure.isOurs()).isTrue();
        assertThat(tenure.epoch()).isEqualTo(4);
    }

    @Test
    void epochsAreUnsigned() {
        tenure.onClaim(claim(Long.MAX_VALUE, THEIRS));
        assertThat(tenure.onClaim(claim(Long.MIN_VALUE, OURS))).isTrue();
        assertThat(tenure.onClaim(claim(1, THEIRS))).isFalse();
    }

    @Test
    void claimsTheNextEpochOrTheOneWanted() {
        tenure.onClaim(claim(3, THEIRS));
        assertThat(tenure.isWanted()).isFalse();
        tenure.want(0);
        assertThat(tenure.isWanted()).isTrue();
        assertThat(tenure.claim())
                .isEqualTo(Claim.newBuilder()
                        .setEpoch(4)
                        .setNonce(OURS)
                        .setNode("node-a")
                        .build());
        assertThat(tenure.isWanted()).isFalse();
        assertThat(tenure.isSent()).isTrue();
        tenure.want(9);
        assertThat(tenure.claim()).returns(9L, Claim::getEpoch);
    }

    @Test
    void makesNoClaimThatCouldNotBeValid() {
        tenure.onClaim(claim(3, THEIRS));
        tenure.want(3);
        assertThat(tenure.claim()).isNull();
        assertThat(tenure.refusal()).isEqualTo("claim of epoch 3 is not above 3");
        assertThat(tenure.isSent()).isFalse();
    }

    @Test
    void aClaimOnItsWayIsLostToOneOfTheSameEpochThatCameFirst() {
        tenure.want(5);
        assertThat(tenure.isLostTo(claim(6, THEIRS)))
                .as("nothing is on its way")
                .isFalse();
        tenure.claim();
        assertThat(tenure.isLostTo(claim(4, THEIRS))).isFalse();
        assertThat(tenure.isLostTo(claim(5, THEIRS))).isTrue();
        assertThat(tenure.isLostTo(claim(5, OURS)))
                .as("ours came and was not valid")
                .isTrue();
    }

    @Test
    void aCheckpointKeepsWhoseItIs() {
        Map<String, byte @Nullable []> entities = new HashMap<>();
        tenure.drainTouched(entities);
        assertThat(entities).isEmpty();
        tenure.onClaim(claim(3, THEIRS));
        tenure.drainTouched(entities);
        var restored = new Tenure(OURS, "node-b");
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
