package dev.guildcast.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IntentsTest {
    @Test
    void bitsAreThoseThatClientsKnow() {

        assertThat(Intents.GUILDS | Intents.GUILD_MESSAGES).isEqualTo(513);
        assertThat(Intents.GUILD_MEMBERS | Intents.GUILD_PRESENCES | Intents.MESSAGE_CONTENT)
                .isEqualTo(33026);
        assertThat(Intents.GUILDS | Intents.GUILD_MESSAGES | Intents.DIRECT_MESSAGES)
                .isEqualTo(4609);
        assertThat(Intents.GUILDS | Intents.GUILD_VOICE_STATES).isEqualTo(129);
        assertThat(Intents.AUTO_MODERATION_EXECUTION).isEqualTo(1L << 21);
        assertThat(Intents.DIRECT_MESSAGE_POLLS).isEqualTo(1L << 25);
    }

    @Test
    void privilegedAndUserBitsAreKnownOnes() {
        assertThat(Intents.KNOWN & Intents.PRIVILEGED).isEqualTo(Intents.PRIVILEGED);
        assertThat(Intents.KNOWN & Intents.USERS_ONLY).isEqualTo(Intents.USERS_ONLY);
        assertThat(Intents.PRIVILEGED & Intents.USERS_ONLY).isZero();
        assertThat(Intents.KNOWN & 1L << 27).isZero();
    }
}
