package dev.guildcast.shard.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

class OpenPortRuleTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.8.9.1", "::1"})
    void theLoopbackAddressNeedsNoTls(String address) {
        assertThatNoException().isThrownBy(() -> new OpenPortRule(false).verify("p", at(address), false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "10.1.2.3", "192.168.0.1", "fd00::1", "169.254.0.1"})
    void anyOtherAddressNeedsTls(String address) {
        var rule = new OpenPortRule(false);
        assertThatThrownBy(() -> rule.verify("spring.grpc.server.address", at(address), false))
                .isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, refused -> {
                    assertThat(refused.getName()).isEqualTo("spring.grpc.server.address");
                    assertThat(refused.getReason())
                            .contains("guildcast.internal.tls", "guildcast.internal.plaintext", "127.0.0.1");
                });
        assertThatNoException().isThrownBy(() -> rule.verify("p", at(address), true));
    }

    @Test
    void theWildcardOfAnUnsetAddressNeedsTls() {
        assertThatThrownBy(() -> new OpenPortRule(false).verify("p", new InetSocketAddress(0).getAddress(), false))
                .isInstanceOf(InvalidConfigurationPropertyValueException.class);
    }

    @Test
    void whatIsPermittedInPlaintextIsSaidInOneLine() {
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        var log = (Logger) LoggerFactory.getLogger(OpenPortRule.class);
        log.addAppender(lines);
        try {
            var rule = new OpenPortRule(true);
            rule.verify("a", at("127.0.0.1"), false);
            assertThat(lines.list).isEmpty();
            rule.verify("b", at("0.0.0.0"), false);
            rule.verify("c", at("10.0.0.1"), false);
        } finally {
            log.detachAppender(lines);
        }
        assertThat(lines.list).singleElement().satisfies(line -> {
            assertThat(line.getLevel()).isEqualTo(Level.WARN);
            assertThat(line.getFormattedMessage()).contains("guildcast.internal.plaintext");
        });
    }

    private static InetAddress at(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (java.net.UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
