window.YTD.account.part0 = [
  {
    "account": {
      "email": "post@example.org",
      "username": "Dijkwacht",
      "accountId": "4"
    }
  }
]