package dev.guildcast.backend;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.guildcast.backend");

    @Test
    void packagesFormNoCycle() {
        slices().matching("dev.guildcast.backend.(*)..")
                .should()
                .beFreeOfCycles()
                .check(classes);
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
