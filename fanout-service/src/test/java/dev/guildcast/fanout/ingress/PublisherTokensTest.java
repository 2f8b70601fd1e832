package dev.guildcast.fanout.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublisherTokensTest {
    private final PublisherTokens tokens = new PublisherTokens(Map.of("shop", "s3cret", "chat-1", "other"));

    @Test
    void aPublisherIsKnownByItsToken() {
        assertThat(tokens.publisher("Bearer s3cret")).contains("shop");
        assertThat(tokens.publisher("bearer other")).contains("chat-1");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer ",
                "s3cret",
                "Basic s3cret",
                "Bearer s3cre",
                "Bearer s3cret2",
                "Bearer S3CRET"
            })
    void nobodyIsKnownByAnythingElse(String authorization) {
        assertThat(tokens.publisher(authorization)).isEmpty();
    }

    @Test
    void withoutTokensNobodyIsKnown() {
        assertThat(new PublisherTokens(Map.of()).publisher("Bearer ")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "a b", ".a", "ingress.events", "voice"})
    void aPublishersNameFitsIntoItsMarks(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PublisherTokens(Map.of(name, "x")))
                .withMessageContaining("ingress.tokens");
    }

    @Test
    void aTokenBelongsToOnePublisherAndIsNeverShown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PublisherTokens(Map.of("a", "s3cret", "b", "s3cret")))
                .withMessageContaining("same token")
                .withMessageNotContaining("s3cret");
        assertThatIllegalArgumentException().isThrownBy(() -> new PublisherTokens(Map.of("a", " ")));
    }

    @Test
    void tokensMayComeFromAFile(@TempDir Path folder) throws IOException {
        var file = folder.resolve("tokens");
        Files.writeString(file, "# publishers\n\nshop = s3cret=\nchat=other\n");
        assertThat(PublisherTokens.read(file)).isEqualTo(Map.of("shop", "s3cret=", "chat", "other"));
        Files.writeString(file, "s3cret\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PublisherTokens.read(file))
                .withMessageContaining("publisher=token")
                .withMessageNotContaining("s3cret");
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> PublisherTokens.read(folder.resolve("none")))
                .withMessageContaining("ingress.tokens-file");
    }
}
