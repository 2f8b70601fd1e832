package dev.guildcast.backend;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.guildcast.shard.testing.PackageRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final String ROOT = "dev.guildcast.backend";

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @Test
    void packagesFormNoCycle() {
        PackageRules.assertFreeOfCycles(classes, ROOT);
    }

    @Test
    void onlyClassesNamedForItSpeakGrpc() {
        noClasses()
                .that()
                .haveSimpleNameNotStartingWith("Grpc")
                .and()
                .haveSimpleNameNotEndingWith("Stream")
                .and()
                .haveSimpleNameNotEndingWith("Configuration")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.grpc..")
                .check(classes);
    }
}
