package dev.guildcast.shard.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.core.script.DefaultRedisScript;
import org.springframework.scripting.support.StaticScriptSource;

class RedisScriptsTest {
    @Test
    void aScriptIsReadOnce() {
        var script = (DefaultRedisScript<?>) RedisScripts.loadReturningList(RedisScriptsTest.class, "keys.lua");
        assertThat(script.getScriptAsString()).isEqualTo("return {KEYS[1]}\n");
        assertThat(script)
                .as("made of a text, not of a resource that is looked up again")
                .extracting("scriptSource")
                .isInstanceOf(StaticScriptSource.class);
    }

    @Test
    void aScriptThatIsMissingIsNamed() {
        assertThatThrownBy(() -> RedisScripts.load(RedisScriptsTest.class, "other.lua", Long.class))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("other.lua")
                .hasMessageContaining(RedisScriptsTest.class.getName());
    }
}
