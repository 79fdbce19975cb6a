"""Packaging: what leaves the house as one thing that is signed, sealed and can be verified.

write_bag(folder, info)                              data/ and tag files become a BagIt bag
write_statement(folder, predicate=...)               release.json: every file with its digest
write_tag_manifest(folder)                           the bag is complete
sign_release(folder, key)                            signatures/producer.json
sign_review(folder, Review(...), key, now=...)       signatures/review-....json, approval.json
read_package(folder)                                 what was stated and who signed
seal(package, out_folder, ...)                       .tar.age and its receipt; or seal_zip
verify_package(path, keys=...)                       from public keys alone
"""

from hsr_privacy.packaging.bag import write_bag, write_tag_manifest
from hsr_privacy.packaging.package import Package, read_package, sign_release, sign_review
from hsr_privacy.packaging.receipt import Receipt, read_receipt
from hsr_privacy.packaging.result import PackageVerification, short
from hsr_privacy.packaging.reviews import (
    Acceptance,
    Review,
    Signature,
    SignedReview,
    check_text,
)
from hsr_privacy.packaging.sealing import Sealed, seal, seal_zip
from hsr_privacy.packaging.statement import statement_of, write_statement
from hsr_privacy.packaging.verification import is_package, verify_package

__all__ = [
    "Acceptance",
    "Package",
    "PackageVerification",
    "Receipt",
    "Review",
    "Sealed",
    "Signature",
    "SignedReview",
    "check_text",
    "is_package",
    "read_package",
    "read_receipt",
    "seal",
    "seal_zip",
    "short",
    "sign_release",
    "sign_review",
    "statement_of",
    "verify_package",
    "write_bag",
    "write_statement",
    "write_tag_manifest",
]
