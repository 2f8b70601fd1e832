package dev.guildcast.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnowflakeTest {
    @Test
    void theWholeUnsignedRangeIsRead() {
        assertThat(Snowflake.parseOrZero("197038439483310086")).isEqualTo(197038439483310086L);
        assertThat(Snowflake.parseOrZero("9223372036854775808")).isEqualTo(Long.MIN_VALUE);
        assertThat(Snowflake.parseOrZero("18446744073709551615")).isEqualTo(-1L);
        assertThat(Snowflake.parseOrZero("007")).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "-1",
                "+1",
                "1.5",
                "1e3",
                "x",
                " 1",
                "null",
                "18446744073709551616",
                "111111111111111111111",
                "\u0661"
            })
    void whatIsNoIdIsZero(String text) {
        assertThat(Snowflake.parseOrZero(text)).isZero();
    }
}
