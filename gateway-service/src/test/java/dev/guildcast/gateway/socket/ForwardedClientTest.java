package dev.guildcast.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardedClientTest {
    private static final ProxyProperties PROXIES = new ProxyProperties(List.of("10.0.0.0/8", "fd00::/8", "192.0.2.7"));

    private static Optional<ForwardedClient> client(String remote, String... headers) {
        var all = new DefaultHttpHeaders();
        for (int i = 0; i < headers.length; i += 2) {
            all.add(headers[i], headers[i + 1]);
        }
        return ForwardedClient.of(AddressRange.address(remote).orElseThrow(), all, PROXIES::isTrusted);
    }

    private static String address(String remote, String... headers) {
        return client(remote, headers)
                .map(found -> found.address().getHostAddress())
                .orElse(remote);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.9|203.0.113.9",
                // What the client has sent stands to the left of what the proxy has seen.
                "1.1.1.1, 203.0.113.9|203.0.113.9",
                "127.0.0.1, 203.0.113.9|203.0.113.9",
                "10.9.9.9, 203.0.113.9|203.0.113.9",
                "203.0.113.9, 10.1.1.1|203.0.113.9",
                "1.1.1.1, 203.0.113.9, 10.1.1.1, 192.0.2.7|203.0.113.9",
                "10.2.2.2, 10.1.1.1|10.2.2.2",
                "203.0.113.9:4711|203.0.113.9",
                "203.0.113.9, unknown|10.0.0.1",
                "203.0.113.9, evil.example.org|10.0.0.1",
                "2001:db8::5|2001:db8:0:0:0:0:0:5",
                "[2001:db8::5]:99, fd00::1|2001:db8:0:0:0:0:0:5",
            })
    void theClientIsTheRightmostAddressThatIsNoProxy(String header, String client) {
        assertThat(address("10.0.0.1", "X-Forwarded-For", header)).isEqualTo(client);
    }

    @Test
    void severalLinesAreOneList() {
        assertThat(address("10.0.0.1", "X-Forwarded-For", "1.1.1.1", "X-Forwarded-For", "203.0.113.9"))
                .isEqualTo("203.0.113.9");
    }

    @Test
    void theStandardHeaderIsReadBeforeTheOther() {
        assertThat(address(
                        "10.0.0.1",
                        "Forwarded",
                        "for=1.1.1.1, for=\"[2001:db8::5]:99\";proto=https;by=10.0.0.1",
                        "X-Forwarded-For",
                        "9.9.9.9"))
                .isEqualTo("2001:db8:0:0:0:0:0:5");
        assertThat(address("10.0.0.1", "Forwarded", "for=_hidden")).isEqualTo("10.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"203.0.113.9", "11.0.0.1", "192.0.2.8", "2001:db8::1", "127.0.0.1"})
    void nobodyElseIsBelieved(String remote) {
        assertThat(client(remote, "X-Forwarded-For", "1.1.1.1", "X-Forwarded-Proto", "https"))
                .isEmpty();
        assertThat(client(remote, "Forwarded", "for=1.1.1.1;proto=https")).isEmpty();
    }

    @Test
    void theSchemeIsThatOfTheClientsHop() {
        assertThat(client("10.0.0.1", "X-Forwarded-For", "203.0.113.9", "X-Forwarded-Proto", "https"))
                .map(ForwardedClient::scheme)
                .contains("https");
        assertThat(client(
                        "10.0.0.1",
                        "X-Forwarded-For",
                        "203.0.113.9, 10.1.1.1",
                        "X-Forwarded-Proto",
                        "https, http",
                        "X-Forwarded-Host",
                        "gateway.example.org"))
                .contains(new ForwardedClient(
                        AddressRange.address("203.0.113.9").orElseThrow(), "https", "gateway.example.org"));
        assertThat(client("10.0.0.1", "X-Forwarded-For", "203.0.113.9", "X-Forwarded-Host", "a/b?c"))
                .map(ForwardedClient::host)
                .contains("");
    }

    @Test
    void aChainWithoutEndIsNotFollowed() {
        assertThat(client("10.0.0.1", "X-Forwarded-For", "10.1.1.1,".repeat(33) + "1.1.1.1"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy.example.org", "10.0.0.0/33", "10.0.0.0/x", "fd00::/129", ""})
    void aRangeThatIsNoneIsRejected(String range) {
        assertThatThrownBy(() -> new ProxyProperties(List.of(range))).hasMessageContaining("gateway.proxies.trusted");
    }
}
