package dev.guildcast.fanout.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class IngressPropertiesTest {
    private static IngressProperties bind(Map<String, String> properties) {
        var source = new HashMap<>(properties);
        source.put("ingress.tokens.shop", IngressFixture.digest("s3cret"));
        return new Binder(new MapConfigurationPropertySource(source)).bindOrCreate("ingress", IngressProperties.class);
    }

    @Test
    void hasAPortOfItsOwnAndOnlyLocal() {
        var properties = bind(Map.of());
        assertThat(properties.http().port()).isEqualTo(8090);
        assertThat(properties.http().address()).isEqualTo("127.0.0.1");
        assertThat(properties.tokens()).containsEntry("shop", IngressFixture.digest("s3cret"));
    }

    @ParameterizedTest
    @CsvSource({
        "ingress.in-flight-max, 0",
        "ingress.in-flight-bytes-max, 63MB",
        "ingress.append-timeout, 50ms",
        "ingress.append-timeout, 3m",
        "ingress.burst-interval, -1ms",
        "ingress.burst-interval, 101ms",
        "ingress.http.port, 65536",
        "ingress.http.outstanding-max, 0",
        "ingress.http.outstanding-max, 1025",
        "ingress.http.request-bytes-max, 0B",
        "ingress.http.request-timeout, 0s",
        "ingress.grpc.outstanding-max, 1025",
        "ingress.in-flight-max, 100"
    })
    void rejectsValuesOutOfBounds(String property, String value) {
        assertThatThrownBy(() -> bind(Map.of(property, value)))
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ingress.")
                .hasMessageContaining("expected");
    }
}
