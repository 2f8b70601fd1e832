package dev.guildcast.gateway.token;

import static dev.guildcast.gateway.token.TokenVerifiersTest.json;
import static dev.guildcast.gateway.token.TokenVerifiersTest.verified;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTokenVerifierTest {
    @TempDir
    Path folder;

    @Test
    void reloadsTheFileWhenItHasChanged() throws IOException {
        var file = folder.resolve("tokens.json");
        Files.writeString(file, """
                {"tokens":{"any text":{"user":{"id":7,"username":"h1","global_name":"H"},"bot":false},
                 "b":{"user":{"id":"8"},"bot":true,"privileged_intents":["MESSAGE_CONTENT","GUILD_MEMBERS"]}}}""");
        var nanos = new AtomicLong();
        var verifier = new FileTokenVerifier(file, nanos::get);
        var user = verified(verifier.verify("any text").block());
        assertThat(user.userId()).isEqualTo(7);
        assertThat(json(user).path("global_name").asString()).isEqualTo("H");
        var bot = verified(verifier.verify("b").block());
        assertThat(bot.applicationId()).isEqualTo(8);
        assertThat(bot.applicationFlags()).isEqualTo(1L << 18 | 1L << 14);
        assertThat(verifier.verify("other").block()).isEqualTo(TokenVerdict.Rejected.REJECTED);

        Files.writeString(file, "{\"tokens\":{\"other\":{\"user\":{\"id\":\"9\"},\"bot\":true}}}");
        await().untilAsserted(() -> {
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
            assertThat(verified(verifier.verify("other").block()).userId()).isEqualTo(9);
        });
        assertThat(verifier.verify("b").block()).isEqualTo(TokenVerdict.Rejected.REJECTED);

        Files.writeString(file, "{ broken");
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(verified(verifier.verify("other").block()).userId()).isEqualTo(9);
    }

    @Test
    void failsToStartWithAnUnreadableFile() {
        assertThatThrownBy(() -> new FileTokenVerifier(folder.resolve("absent.json"), System::nanoTime))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("gateway.token.file");
    }
}
