package dev.guildcast.gateway.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.ClientShard;
import dev.guildcast.contract.Intents;
import dev.guildcast.gateway.protocol.CloseCode;
import dev.guildcast.gateway.protocol.Payload;
import dev.guildcast.gateway.token.Identity;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class IdentifyRulesTest {
    private static final Identity BOT = new Identity(1, new byte[0], true, 1, 0);
    private static final Identity GRANTED = new Identity(1, new byte[0], true, 1, 1L << 13 | 1L << 15 | 1L << 19);
    private static final Identity USER = new Identity(1, new byte[0], false, 0, 0);

    @Test
    void limitedGrantsServeAsWellAsFullOnes() {
        assertThat(GRANTED.grantedIntents()).isEqualTo(Intents.PRIVILEGED);
        assertThat(IdentifyRules.check(identify(Intents.PRIVILEGED), GRANTED, 10))
                .isInstanceOf(IdentifyRules.Accepted.class);
    }

    @Test
    void contentHangsOnTheBitInVersionTenAndOnTheGrantInNine() {
        assertThat(accepted(identify(513), GRANTED, 10).content()).isFalse();
        assertThat(accepted(identify(513 | Intents.MESSAGE_CONTENT), GRANTED, 10)
                        .content())
                .isTrue();
        assertThat(accepted(identify(513), GRANTED, 9).content()).isTrue();
        assertThat(accepted(identify(513 | Intents.MESSAGE_CONTENT), BOT, 9).content())
                .isFalse();
        assertThat(IdentifyRules.check(identify(513 | Intents.MESSAGE_CONTENT), BOT, 10))
                .isEqualTo(new IdentifyRules.Refused(CloseCode.DISALLOWED_INTENTS));
    }

    @Test
    void unknownIntentsComeBeforeDisallowedOnes() {
        assertThat(IdentifyRules.check(identify(Intents.GUILD_MEMBERS | 1L << 30), BOT, 10))
                .isEqualTo(new IdentifyRules.Refused(CloseCode.INVALID_INTENTS));
        assertThat(IdentifyRules.check(identify(-1), GRANTED, 10))
                .isEqualTo(new IdentifyRules.Refused(CloseCode.INVALID_INTENTS));
    }

    @Test
    void usersNeedNoIntentsAndSeeEverything() {
        var accepted = accepted(identify(OptionalLong.empty(), 25), USER, 9);
        assertThat(accepted.intents()).isEqualTo(Intents.KNOWN);
        assertThat(accepted.content()).isTrue();
        assertThat(accepted.largeThreshold()).isEqualTo(25);
    }

    @Test
    void thresholdsAreClampedAndShardsKept() {
        assertThat(accepted(identify(OptionalLong.of(1), 1000), BOT, 10).largeThreshold())
                .isEqualTo(250);
        assertThat(accepted(identify(OptionalLong.of(1), -3), BOT, 10).largeThreshold())
                .isEqualTo(50);
        var sharded = new Payload.Identify(
                "t",
                OptionalLong.of(1),
                Optional.of(new Payload.ShardPair(3, 4)),
                false,
                OptionalInt.empty(),
                Optional.empty(),
                "web");
        assertThat(accepted(sharded, BOT, 10).shard()).contains(new ClientShard(3, 4));
    }

    private static IdentifyRules.Accepted accepted(Payload.Identify identify, Identity who, int version) {
        return (IdentifyRules.Accepted) IdentifyRules.check(identify, who, version);
    }

    private static Payload.Identify identify(long intents) {
        return identify(OptionalLong.of(intents), 50);
    }

    private static Payload.Identify identify(OptionalLong intents, int threshold) {
        return new Payload.Identify(
                "t", intents, Optional.empty(), false, OptionalInt.of(threshold), Optional.empty(), "web");
    }
}
