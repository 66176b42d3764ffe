window.__THAR_CONFIG = {
  "userInfo": {
    "accountId": "4",
    "userName": "Dijkwacht",
    "displayName": "Dijkwacht"
  },
  "archiveInfo": {
    "sizeBytes": "5000",
    "generationDate": "2025-03-15T11:33:22.222Z",
    "isPartialArchive": false
  }
}