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

class IdentifyValidatorTest {
    private static final Identity BOT = new Identity(1, new byte[0], true, 1, 0);
    private static final Identity GRANTED = new Identity(1, new byte[0], true, 1, 1L << 13 | 1L << 15 | 1L << 19);
    private static final Identity USER = new Identity(1, new byte[0], false, 0, 0);

    @Test
    void acceptsLimitedGrantsLikeFullOnes() {
        assertThat(GRANTED.grantedIntents()).isEqualTo(Intents.PRIVILEGED);
        assertThat(IdentifyValidator.validate(identify(Intents.PRIVILEGED), GRANTED, 10))
                .isInstanceOf(IdentifyValidator.ValidIdentify.class);
    }

    @Test
    void contentDependsOnTheIntentInVersion10AndOnTheGrantInVersion9() {
        assertThat(valid(identify(513), GRANTED, 10).content()).isFalse();
        assertThat(valid(identify(513 | Intents.MESSAGE_CONTENT), GRANTED, 10).content())
                .isTrue();
        assertThat(valid(identify(513), GRANTED, 9).content()).isTrue();
        assertThat(valid(identify(513 | Intents.MESSAGE_CONTENT), BOT, 9).content())
                .isFalse();
        assertThat(IdentifyValidator.validate(identify(513 | Intents.MESSAGE_CONTENT), BOT, 10))
                .isEqualTo(new IdentifyValidator.InvalidIdentify(CloseCode.DISALLOWED_INTENTS));
    }

    @Test
    void reportsUnknownIntentsBeforeDisallowedOnes() {
        assertThat(IdentifyValidator.validate(identify(Intents.GUILD_MEMBERS | 1L << 30), BOT, 10))
                .isEqualTo(new IdentifyValidator.InvalidIdentify(CloseCode.INVALID_INTENTS));
        assertThat(IdentifyValidator.validate(identify(-1), GRANTED, 10))
                .isEqualTo(new IdentifyValidator.InvalidIdentify(CloseCode.INVALID_INTENTS));
    }

    @Test
    void usersWithoutIntentsGetAllOfThem() {
        var valid = valid(identify(OptionalLong.empty(), 25), USER, 9);
        assertThat(valid.intents()).isEqualTo(Intents.KNOWN);
        assertThat(valid.content()).isTrue();
        assertThat(valid.largeThreshold()).isEqualTo(25);
    }

    @Test
    void thresholdsAreClampedAndShardsKept() {
        assertThat(valid(identify(OptionalLong.of(1), 1000), BOT, 10).largeThreshold())
                .isEqualTo(250);
        assertThat(valid(identify(OptionalLong.of(1), -3), BOT, 10).largeThreshold())
                .isEqualTo(50);
        var sharded = new Payload.Identify(
                "t",
                OptionalLong.of(1),
                Optional.of(new Payload.ShardPair(3, 4)),
                false,
                OptionalInt.empty(),
                Optional.empty(),
                "web");
        assertThat(valid(sharded, BOT, 10).shard()).contains(new ClientShard(3, 4));
    }

    private static IdentifyValidator.ValidIdentify valid(Payload.Identify identify, Identity identity, int version) {
        return (IdentifyValidator.ValidIdentify) IdentifyValidator.validate(identify, identity, version);
    }

    private static Payload.Identify identify(long intents) {
        return identify(OptionalLong.of(intents), 50);
    }

    private static Payload.Identify identify(OptionalLong intents, int threshold) {
        return new Payload.Identify(
                "t", intents, Optional.empty(), false, OptionalInt.of(threshold), Optional.empty(), "web");
    }
}
